/**
 * Who stands on every way to a vertex: the dominator tree of a directed graph, by Cooper, Harvey and Kennedy ("A Simple,
 * Fast Dominance Algorithm", 2001). Loops, no recursion: a chain of references may be as long as an image is large.
 */

export interface DirectedGraph {
  /** Vertices are the numbers below it. */
  readonly count: number;
  /** Ends of edge i: `from[i]` to `to[i]`. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly root: number;
}

export interface DominatorTree {
  /** Whom a vertex stands below: the last that is on all ways from the root to it. The root's is the root; -1: no way leads to it. */
  readonly parent: Int32Array;
  /** What can be reached, each behind all that stands above it in the tree. */
  readonly order: Int32Array;
  /** The nearest that stands above both, or is one of them; -1 where one cannot be reached. */
  common(one: number, other: number): number;
}

export function dominatorsOf(graph: DirectedGraph): DominatorTree {
  const order = reversePostorder(graph);
  const places = new Int32Array(graph.count).fill(-1);
  for (const [place, vertex] of order.entries()) places[vertex] = place;
  const parent = new Int32Array(graph.count).fill(-1);
  parent[graph.root] = graph.root;
  const common = (one: number, other: number): number => {
    if (one === -1 || other === -1) return -1;
    if (parent[one] === -1 || parent[other] === -1) return -1;
    let [a, b] = [one, other];
    while (a !== b) {
      while (places[a]! > places[b]!) a = parent[a]!;
      while (places[b]! > places[a]!) b = parent[b]!;
    }
    return a;
  };
  const comings = adjacencyOf(graph.count, graph.to, graph.from);
  for (let hasChanged = true; hasChanged; ) {
    hasChanged = false;
    for (const vertex of order.subarray(1)) {
      let found = -1;
      for (let at = comings.start[vertex]!; at < comings.start[vertex + 1]!; at++) {
        const before = comings.ends[at]!;
        if (parent[before] !== -1) found = found === -1 ? before : common(found, before);
      }
      if (parent[vertex] === found) continue;
      parent[vertex] = found;
      hasChanged = true;
    }
  }
  return { parent, order, common };
}

/** The other ends of each vertex's edges: those of vertex v stand in `ends` from `start[v]` to `start[v + 1]`. */
interface Adjacency {
  readonly start: Int32Array;
  readonly ends: Int32Array;
}

function adjacencyOf(count: number, near: readonly number[], far: readonly number[]): Adjacency {
  const start = new Int32Array(count + 1);
  for (const vertex of near) start[vertex + 1]! += 1;
  for (let vertex = 0; vertex < count; vertex++) start[vertex + 1]! += start[vertex]!;
  const next = start.slice();
  const ends = new Int32Array(near.length);
  for (const [edge, vertex] of near.entries()) ends[next[vertex]!++] = far[edge]!;
  return { start, ends };
}

function reversePostorder({ count, from, to, root }: DirectedGraph): Int32Array {
  const goings = adjacencyOf(count, from, to);
  const next = goings.start.slice();
  const wasSeen = new Uint8Array(count);
  const stack = [root];
  wasSeen[root] = 1;
  const order: number[] = [];
  while (stack.length > 0) {
    const vertex = stack.at(-1)!;
    if (next[vertex] === goings.start[vertex + 1]) {
      order.push(vertex);
      stack.pop();
      continue;
    }
    const following = goings.ends[next[vertex]!++]!;
    if (wasSeen[following] === 1) continue;
    wasSeen[following] = 1;
    stack.push(following);
  }
  return Int32Array.from(order.reverse());
}
