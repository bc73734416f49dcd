/** Which references lead to a node, and which lead away from it. */
import type { DocumentReference, GraphDocument } from "./graph-document.ts";

export interface Links {
  /** By the number of the node that they lead to, in the order in which they were found. */
  readonly into: readonly (readonly DocumentReference[])[];
  /** By the number of the node that makes them. */
  readonly outOf: readonly (readonly DocumentReference[])[];
}

export function linksOf({ nodes, references }: GraphDocument): Links {
  const into: DocumentReference[][] = nodes.map(() => []);
  const outOf: DocumentReference[][] = nodes.map(() => []);
  for (const reference of references) {
    into[reference.to]!.push(reference);
    outOf[reference.from]!.push(reference);
  }
  return { into, outOf };
}

/** Where everything begins: lines of the recipe in its order, then what nothing leads to, then a node of each circle that is left. */
export function rootsOf(document: GraphDocument, { into, outOf }: Links): number[] {
  const lines = document.nodes.filter(({ kind }) => kind === "recipe");
  const loose = document.nodes.filter(({ id, kind }) => kind !== "recipe" && into[id]!.length === 0);
  const roots = [...lines.sort(byPlace), ...loose].map(({ id }) => id);
  const seen = new Set<number>();
  const spread = (from: number) => {
    const queue = [from];
    for (const at of queue) {
      if (seen.has(at)) continue;
      seen.add(at);
      for (const { to } of outOf[at]!) queue.push(to);
    }
  };
  for (const root of roots) spread(root);
  for (const { id } of document.nodes) {
    if (seen.has(id)) continue;
    roots.push(id);
    spread(id);
  }
  return roots;
}

interface Placed {
  readonly id: number;
  readonly at?: string | null;
}

/** As the recipes have them, one file after the other; what has no place comes last. */
function byPlace(a: Placed, b: Placed): number {
  const [one, other] = [placeOf(a), placeOf(b)];
  if (one === null || other === null) return Number(one === null) - Number(other === null) || a.id - b.id;
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.line - other.line || one.column - other.column || a.id - b.id;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export function placeOf({ at }: Pick<Placed, "at">): Place | null {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/s.exec(at ?? "") ?? [];
  return file === undefined ? null : { file, line: Number(line), column: Number(column) };
}
