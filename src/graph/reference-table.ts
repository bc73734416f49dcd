/** The graph as plain values, its nodes by number: what a plan, the cache and a manifest keep of it. */
import { type GraphNode, type NodeId, type Reference, ReferenceGraph } from "./references.ts";

export interface ReferenceTable {
  readonly nodes: readonly TableNode[];
  /** In the order in which they were found: of those that lead to a node, the first brought it. */
  readonly references: readonly TableReference[];
}

export interface TableNode {
  readonly id: NodeId;
  readonly node: GraphNode;
}

/** `from` and `to` count the nodes from 0. */
export interface TableReference extends Pick<Reference, "reason" | "says" | "found" | "tried"> {
  readonly from: number;
  readonly to: number;
}

export function tableOf(graph: ReferenceGraph): ReferenceTable {
  const ids = graph.nodes();
  const numbers = numbersOf(graph);
  const references = graph.references().map(({ from, to, ...rest }) => {
    return { ...rest, from: numbers.get(from)!, to: numbers.get(to)! };
  });
  return { nodes: ids.map((id) => ({ id, node: graph.node(id) })), references };
}

/** Which node of the table a node of the graph is. */
export function numbersOf(graph: ReferenceGraph): ReadonlyMap<NodeId, number> {
  return new Map(graph.nodes().map((id, number) => [id, number]));
}

/** The graph that the table was made of. Throws RangeError where a reference names a node that the table lacks. */
export function graphOf({ nodes, references }: ReferenceTable): ReferenceGraph {
  const graph = new ReferenceGraph();
  for (const { id, node } of nodes) graph.addNode(id, node);
  const idOf = (number: number): NodeId => {
    const known = nodes[number];
    if (known === undefined) throw new RangeError(`there is no node ${number}`);
    return known.id;
  };
  for (const { from, to, ...rest } of references) {
    graph.addReference({ ...rest, from: idOf(from), to: idOf(to) });
  }
  return graph;
}
