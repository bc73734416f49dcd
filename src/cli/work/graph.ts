/** `initgraph graph`: the graph of a recipe's image, or of one that is there, in the form that was asked for. */
import type { GraphDocument, GroupBy } from "../../draw/graph-document.ts";
import { groupNodes } from "../../draw/group-nodes.ts";
import { neighbourhoodOf } from "../../draw/neighbourhood.ts";
import { machinePorts } from "../../machine/ports.ts";
import { describeGraph } from "../../trace/describe-graph.ts";
import { packagesOfNodes } from "../../trace/package-of-nodes.ts";
import type { ExitCode } from "../command.ts";
import { layoutWarnings } from "../report/layout.ts";
import { sayWarnings } from "../report/warnings.ts";
import type { Terminal } from "../terminal.ts";
import { findFocus } from "./graph-focus.ts";
import { printGraphJson } from "./graph-json.ts";
import {
  type GraphOrder,
  type GraphRequest,
  isList,
  type PictureFormat,
  parseGraphOrder,
} from "./graph-order.ts";
import { type GraphSource, withGraphSource } from "./graph-source.ts";
import { printGraphText } from "./graph-text.ts";
import { writeResult } from "./write-result.ts";

/** What is to be shown. */
export interface ShownGraph {
  readonly document: GraphDocument;
  /** The nodes asked about; empty: none. */
  readonly focus: ReadonlySet<number>;
  /** How far each node is before (negative) or behind the focus; null: all are shown. */
  readonly near: ReadonlyMap<number, number> | null;
}

const NO_DATABASE = "packages/no-database";

/** Throws BuildFailure and WrongUsage. */
export async function printGraph(request: GraphRequest, terminal: Terminal): Promise<ExitCode> {
  const order = parseGraphOrder(request, terminal.isJson);
  const { host } = machinePorts(1);
  return withGraphSource(order, { host, terminal }, async (source) => {
    const { format } = order;
    if (isList(format)) {
      const { printFileList } = await import("./file-list.ts");
      return printFileList({ ...order, format }, source, { host, terminal });
    }
    const shown = gather(order, source, terminal);
    if (format === "text") return printGraphText(shown, order, { host, terminal });
    if (format === "json") return printGraphJson(shown, order, { host, terminal });
    const { drawInFormat } = await import("./graph-picture.ts");
    const { text, notes } = drawInFormat(shown, { ...order, format: format satisfies PictureFormat });
    writeResult(text, order, { host, terminal });
    for (const note of notes) terminal.note(`note: ${note}\n`);
    return 0;
  });
}

function gather(order: GraphOrder, source: GraphSource, terminal: Terminal): ShownGraph {
  const plain = describeGraph(source.image);
  const document = order.by === null ? plain : grouped(plain, order.by, source, terminal);
  if (order.focus === null) return { document, focus: new Set(), near: null };
  const focus = findFocus(order.focus, source.image, document);
  const near = neighbourhoodOf(document, { nodes: [...focus], depth: order.depth });
  return { document, focus, near };
}

function grouped(
  document: GraphDocument,
  by: GroupBy,
  source: GraphSource,
  terminal: Terminal,
): GraphDocument {
  if (by !== "package") return groupNodes(document, by, () => null);
  const { ownerOf, warnings } = source.findOwners();
  // What it says of an SBOM is not asked here.
  const [none, others] = [
    warnings.find(({ code }) => code === NO_DATABASE),
    warnings.filter(({ code }) => code !== NO_DATABASE),
  ];
  if (none !== undefined)
    terminal.note("note: the sysroot has no package database: its files are of no package\n");
  if (others.length > 0) terminal.complain(layoutWarnings(sayWarnings(others), terminal.page));
  const packages = packagesOfNodes(source.image, ownerOf);
  if (source.untouched === null)
    terminal.note(
      "note: a manifest does not say which packages files are of: only store paths tell; name the recipe to know them all\n",
    );
  return groupNodes(document, by, ({ id }) => packages[id] ?? null);
}
