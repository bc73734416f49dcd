/** The shortest way from a line of the recipe to every node, found for all of them at once. */
import type { ReferenceTable } from "../graph/reference-table.ts";

export interface Bringers {
  /** The reference by which the way comes to a node; -1: the node is a line, or no line leads to it. */
  readonly last: Int32Array;
  /** The line that the way begins at; -1: none leads here. */
  readonly line: Int32Array;
}

export function bringersIn({ nodes, references }: ReferenceTable): Bringers {
  const last = new Int32Array(nodes.length).fill(-1);
  const line = new Int32Array(nodes.length).fill(-1);
  const goings: number[][] = nodes.map(() => []);
  for (const [number, { from }] of references.entries()) goings[from]!.push(number);
  const found = nodes.flatMap(({ node }, number) => (node.kind === "recipe" ? [number] : []));
  for (const number of found) line[number] = number;
  for (let next = 0; next < found.length; next++) {
    const from = found[next]!;
    for (const number of goings[from]!) {
      const { to } = references[number]!;
      if (line[to] !== -1) continue;
      line[to] = line[from]!;
      last[to] = number;
      found.push(to);
    }
  }
  return { last, line };
}
