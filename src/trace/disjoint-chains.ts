/**
 * Chains that are independent of one another: no two share a line of the recipe or a file on the way, so whatever single
 * thing is taken out, at most one of them breaks. As many as there can be, by Menger's theorem: a flow in which every node but
 * the target lets one unit through, grown along shortest augmenting paths (Edmonds and Karp, with nodes split in two).
 */
import type { TableReference } from "../graph/reference-table.ts";
import type { ReferenceChain } from "./chains.ts";
import { isLine, type LinkedReferences } from "./linked-references.ts";

export interface DisjointChains {
  /** The shortest first. None can be cut short by a reference between two of its own nodes. */
  readonly chains: readonly ReferenceChain[];
  /** Whether there can be no more of them; else the search ended at the bound. */
  readonly areAll: boolean;
}

/** To any of `targets`, which end every chain that reaches them. At most `most`. */
export function disjointChains(
  graph: LinkedReferences,
  targets: readonly number[],
  most: number,
): DisjointChains {
  const flow: Flow = { graph, targets: new Set(targets), next: new Map(), before: new Map() };
  let count = 0;
  let areAll = false;
  while (count < most && !areAll) {
    if (augment(flow)) count += 1;
    else areAll = true;
  }
  const chains = startsOf(flow).map((start) => shorten(chainFrom(start, flow), graph));
  return { chains: chains.sort((a, b) => a.length - b.length), areAll };
}

/** Of a node that is not a target: the one reference by which a chain leaves it, and that by which one enters. */
interface Flow {
  readonly graph: LinkedReferences;
  readonly targets: ReadonlySet<number>;
  readonly next: Map<number, TableReference>;
  readonly before: Map<number, TableReference>;
}

/** Where a search is: before a node's one unit, or behind it. */
type Side = "in" | "out";

/** How a search came to a side of a node: along a reference, back along one that carries a chain, or through the node. */
type Move =
  | { readonly kind: "start" }
  | { readonly kind: "along" | "against"; readonly reference: TableReference }
  | { readonly kind: "through" | "back"; readonly node: number };

/** One more chain, if need be by leading others another way. False: there is none. */
function augment(flow: Flow): boolean {
  const { graph, targets, next } = flow;
  const seen: Record<Side, Map<number, Move>> = { in: new Map(), out: new Map() };
  const queue: [Side, number][] = [];
  const reach = (side: Side, node: number, move: Move): void => {
    if (seen[side].has(node)) return;
    seen[side].set(node, move);
    queue.push([side, node]);
  };
  for (const node of graph.nodes.keys()) {
    if (isLine(graph, node) && !targets.has(node) && !next.has(node)) reach("out", node, { kind: "start" });
  }
  for (const [side, node] of queue) {
    if (side === "in" && targets.has(node)) {
      turn(node, seen, flow);
      return true;
    }
    for (const [toSide, to, move] of movesFrom(side, node, flow)) reach(toSide, to, move);
  }
  return false;
}

function* movesFrom(side: Side, node: number, flow: Flow): Generator<[Side, number, Move]> {
  const { graph, next, before } = flow;
  const entering = before.get(node);
  if (side === "out") {
    const leaving = next.get(node);
    for (const reference of graph.outOf[node]!) {
      if (reference.to === leaving?.to || reference.to === node) continue;
      yield ["in", reference.to, { kind: "along", reference }];
    }
    // The unit that goes through the node may be given back.
    if (entering !== undefined) yield ["in", node, { kind: "back", node }];
  } else if (entering === undefined) yield ["out", node, { kind: "through", node }];
  else yield ["out", entering.from, { kind: "against", reference: entering }];
}

/** Adds what the search found to the flow, from its end. */
function turn(target: number, seen: Readonly<Record<Side, ReadonlyMap<number, Move>>>, flow: Flow): void {
  const added: TableReference[] = [];
  const removed: TableReference[] = [];
  let [side, node]: [Side, number] = ["in", target];
  for (let move = seen[side].get(node)!; move.kind !== "start"; move = seen[side].get(node)!) {
    if (move.kind === "along") {
      added.push(move.reference);
      [side, node] = ["out", move.reference.from];
    } else if (move.kind === "against") {
      removed.push(move.reference);
      [side, node] = ["in", move.reference.to];
    } else side = move.kind === "through" ? "in" : "out";
  }
  for (const { from, to } of removed) {
    flow.next.delete(from);
    flow.before.delete(to);
  }
  for (const reference of added) {
    flow.next.set(reference.from, reference);
    if (!flow.targets.has(reference.to)) flow.before.set(reference.to, reference);
  }
}

function startsOf({ graph, next }: Flow): number[] {
  return [...next.keys()].filter((node) => isLine(graph, node)).sort((a, b) => a - b);
}

function chainFrom(start: number, { next }: Flow): TableReference[] {
  const chain: TableReference[] = [];
  for (let step = next.get(start); step !== undefined; step = next.get(step.to)) chain.push(step);
  return chain;
}

/** Jumps from each node to the last of the chain that it refers to itself. */
function shorten(chain: ReferenceChain, { outOf }: LinkedReferences): ReferenceChain {
  const places = new Map(chain.map(({ to }, at) => [to, at]));
  const short: TableReference[] = [];
  for (let at = 0; at < chain.length; ) {
    let step = chain[at]!;
    for (const reference of outOf[step.from]!) {
      if ((places.get(reference.to) ?? -1) > places.get(step.to)!) step = reference;
    }
    short.push(step);
    at = places.get(step.to)! + 1;
  }
  return short;
}
