/** Against the definition: what stands below a vertex is what nothing reaches once it is taken out. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DirectedGraph, dominatorsOf } from "../../src/size/dominators.ts";
import { randomSource } from "../support/random.ts";

function reachable({ count, from, to, root }: DirectedGraph, without: number): Set<number> {
  const goings: number[][] = Array.from({ length: count }, () => []);
  for (const [edge, vertex] of from.entries()) goings[vertex]!.push(to[edge]!);
  const found = new Set(root === without ? [] : [root]);
  for (const vertex of found) for (const next of goings[vertex]!) if (next !== without) found.add(next);
  return found;
}

function belowIn(parent: Int32Array, vertex: number, root: number): Set<number> {
  const below = new Set<number>();
  for (const one of parent.keys()) {
    if (parent[one] === -1) continue;
    for (let above = one; ; above = parent[above]!) {
      if (above === vertex) below.add(one);
      if (above === vertex || above === root) break;
    }
  }
  return below;
}

function randomGraph(seed: number): DirectedGraph {
  const random = randomSource(seed);
  const count = 1 + random(14);
  const edges = Array.from({ length: random(count * 3) }, () => [random(count), random(count)] as const);
  return { count, from: edges.map(([from]) => from), to: edges.map(([, to]) => to), root: random(count) };
}

test("a vertex dominates what nothing reaches without it", () => {
  for (let seed = 0; seed < 2000; seed++) {
    const graph = randomGraph(seed);
    const { parent, order } = dominatorsOf(graph);
    const all = reachable(graph, -1);
    assert.deepEqual(new Set(order), all);
    assert.deepEqual(
      [...parent].map((above) => above !== -1),
      Array.from({ length: graph.count }, (_, vertex) => all.has(vertex)),
    );
    for (const vertex of all) {
      const left = reachable(graph, vertex);
      const gone = new Set([...all].filter((one) => !left.has(one)));
      assert.deepEqual(belowIn(parent, vertex, graph.root), gone, `seed ${seed}, vertex ${vertex}`);
    }
  }
});

test("the nearest above two vertices is the lowest that is above both", () => {
  for (let seed = 0; seed < 200; seed++) {
    const graph = randomGraph(seed);
    const { parent, common, order } = dominatorsOf(graph);
    for (const one of order) {
      for (const other of order) {
        const both = [...order].filter((above) => {
          const below = belowIn(parent, above, graph.root);
          return below.has(one) && below.has(other);
        });
        assert.equal(common(one, other), both.at(-1), `seed ${seed}`);
      }
    }
    for (const [vertex, above] of parent.entries())
      if (above === -1) assert.equal(common(graph.root, vertex), -1);
  }
});

test("a chain and a mesh of 100,000 edges take no stack, and little time", () => {
  const count = 50_000;
  const from = Array.from({ length: count - 1 }, (_, at) => at);
  const random = randomSource(1);
  const chain = { count, from, to: from.map((at) => at + 1), root: 0 };
  const mesh = {
    ...chain,
    from: [...chain.from, ...from.map(() => random(count))],
    to: [...chain.to, ...from.map(() => random(count))],
  };
  const startedAt = performance.now();
  assert.equal(dominatorsOf(chain).parent[count - 1], count - 2);
  assert.equal(dominatorsOf(mesh).order.length, count);
  assert.ok(performance.now() - startedAt < 5000);
});
