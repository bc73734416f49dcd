/** A traced graph that can be walked: of each node who refers to it and to whom it refers, by their numbers. */
import type { ReferenceTable, TableReference } from "../graph/reference-table.ts";

export interface LinkedReferences extends ReferenceTable {
  /** By the number of the node they lead to, in the order in which they were found. */
  readonly into: readonly (readonly TableReference[])[];
  /** By the number of the node that makes them. */
  readonly outOf: readonly (readonly TableReference[])[];
}

export function linkReferences(table: ReferenceTable): LinkedReferences {
  const into: TableReference[][] = table.nodes.map(() => []);
  const outOf: TableReference[][] = table.nodes.map(() => []);
  for (const reference of table.references) {
    into[reference.to]!.push(reference);
    outOf[reference.from]!.push(reference);
  }
  return { ...table, into, outOf };
}

/** The node is a line of the recipe: what it names is there because somebody wrote it down. */
export function isLine({ nodes }: Pick<ReferenceTable, "nodes">, node: number): boolean {
  return nodes[node]!.node.kind === "recipe";
}
