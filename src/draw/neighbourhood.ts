/** The part of a graph around some nodes: what leads to them and what they lead to, so many steps far. */
import type { GraphDocument } from "./graph-document.ts";
import { linksOf } from "./links.ts";

export interface Focus {
  readonly nodes: readonly number[];
  /** Null: as far as it goes. */
  readonly depth: number | null;
}

/** How many steps before (negative) or behind the focus each of its nodes is. */
export function neighbourhoodOf(
  document: GraphDocument,
  { nodes, depth }: Focus,
): ReadonlyMap<number, number> {
  const { into, outOf } = linksOf(document);
  const most = depth ?? Number.POSITIVE_INFINITY;
  const steps = new Map<number, number>(nodes.map((node) => [node, 0]));
  const spread = (next: (node: number) => readonly number[], sign: 1 | -1) => {
    const distances = new Map<number, number>(nodes.map((node) => [node, 0]));
    for (const [at, distance] of distances) {
      if (distance >= most) continue;
      for (const to of next(at)) if (!distances.has(to)) distances.set(to, distance + 1);
    }
    for (const [at, distance] of distances) if (!steps.has(at)) steps.set(at, sign * distance);
  };
  spread((node) => into[node]!.map(({ from }) => from), -1);
  spread((node) => outOf[node]!.map(({ to }) => to), 1);
  return steps;
}
