/** Chains of references, for people. */
import { showPath } from "../core/path.ts";
import type { Chain } from "../core/problems/chain.ts";
import type { NodeId, ReferenceGraph } from "./references.ts";

/** From a node, itself the first, back to the line of the recipe. */
export function chainFrom(node: NodeId, graph: ReferenceGraph): Chain {
  const chain = graph.chainTo(node);
  const start = graph.node(chain[0]?.from ?? node);
  const through = chain.map(({ to }) => show(to, graph)).reverse();
  return { through, from: start.kind === "recipe" ? start.at : null };
}

function show(id: NodeId, graph: ReferenceGraph): string {
  const node = graph.node(id);
  return node.kind === "recipe" ? node.label : showPath(node.path);
}
