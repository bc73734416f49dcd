/** What the page of a graph is given. */
import type { GraphDocument } from "../../draw/graph-document.ts";

export interface GraphData {
  readonly document: GraphDocument;
  /** Boxes that the page shows at first as what is in them: where somebody asked for a focus; else null. */
  readonly focus: readonly number[] | null;
}
