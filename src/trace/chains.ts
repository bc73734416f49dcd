/** Why a node is there: the shortest chain of references from a line of the recipe, and all lines that lead to it. */
import type { TableReference } from "../graph/reference-table.ts";
import { isLine, type LinkedReferences } from "./linked-references.ts";

/** From a line of the recipe to a node; each step begins where the last one led. Empty: the node is a line itself. */
export type ReferenceChain = readonly TableReference[];

/**
 * The shortest chain to the nearest of some nodes; of equally short ones that whose references were found first. Null: no line
 * leads there. `isStart` says which nodes count as lines.
 */
export function shortestChain(
  graph: LinkedReferences,
  targets: readonly number[],
  isStart: (node: number) => boolean = (node) => isLine(graph, node),
): ReferenceChain | null {
  const towards = new Map<number, TableReference | null>(targets.map((node) => [node, null]));
  for (const at of towards.keys()) {
    if (isStart(at)) return followChain(towards, at);
    for (const reference of graph.into[at]!) {
      if (!towards.has(reference.from)) towards.set(reference.from, reference);
    }
  }
  return null;
}

function followChain(towards: ReadonlyMap<number, TableReference | null>, start: number): TableReference[] {
  const chain: TableReference[] = [];
  for (let step = towards.get(start); step; step = towards.get(step.to)) chain.push(step);
  return chain;
}

/** Every line of the recipe from which references lead to one of some nodes, nearest first: it is gone when all of them are. */
export function linesTo(graph: LinkedReferences, targets: readonly number[]): number[] {
  const seen = new Set(targets);
  for (const at of seen) for (const { from } of graph.into[at]!) seen.add(from);
  return [...seen].filter((node) => isLine(graph, node));
}

/** How many steps from the nearest line each node is; infinite: no line leads there. */
export function distancesFromLines(graph: LinkedReferences): number[] {
  const distances = graph.nodes.map(() => Number.POSITIVE_INFINITY);
  const queue = [...graph.nodes.keys()].filter((node) => isLine(graph, node));
  for (const node of queue) distances[node] = 0;
  for (const at of queue) {
    for (const { to } of graph.outOf[at]!) {
      if (distances[to] !== Number.POSITIVE_INFINITY) continue;
      distances[to] = distances[at]! + 1;
      queue.push(to);
    }
  }
  return distances;
}
