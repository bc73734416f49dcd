/** Independent chains, held to a search through all sets of chains that a small graph has. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReferenceTable, TableReference } from "../../src/graph/reference-table.ts";
import { fileNode, recipeNode } from "../../src/graph/references.ts";
import { distancesFromLines, linesTo, type ReferenceChain, shortestChain } from "../../src/trace/chains.ts";
import { disjointChains } from "../../src/trace/disjoint-chains.ts";
import { type LinkedReferences, linkReferences } from "../../src/trace/linked-references.ts";
import { randomSource } from "../support/random.ts";
import { target } from "../support/specs.ts";

/** The first `lines` nodes are lines of the recipe. */
function graphOf(
  lines: number,
  files: number,
  edges: readonly (readonly [number, number])[],
): LinkedReferences {
  const nodes: ReferenceTable["nodes"] = Array.from({ length: lines + files }, (_, number) => {
    if (number < lines)
      return { id: recipeNode(`contents/${number}`), node: { kind: "recipe", at: null, label: `${number}` } };
    const path = target(`f${number}`);
    return { id: fileNode(path), node: { kind: "file", path } };
  });
  const references = edges.map(([from, to]): TableReference => {
    return { from, to, reason: "needed", says: "", found: "", tried: [] };
  });
  return linkReferences({ nodes, references });
}

/** All chains without a circle from a line to a node, by going everywhere. */
function allChains(graph: LinkedReferences, end: number): number[][] {
  const chains: number[][] = [];
  const walk = (path: number[]): void => {
    const at = path.at(-1)!;
    if (at === end) {
      chains.push(path);
      return;
    }
    for (const { to } of graph.outOf[at]!) if (!path.includes(to)) walk([...path, to]);
  };
  for (const [number, { node }] of graph.nodes.entries()) if (node.kind === "recipe") walk([number]);
  return chains;
}

/** How many of some chains can be taken together of which no two share a node but the last. */
function mostTogether(chains: readonly number[][], used: ReadonlySet<number> = new Set()): number {
  let most = 0;
  for (const [index, chain] of chains.entries()) {
    const own = chain.slice(0, -1);
    if (own.some((node) => used.has(node))) continue;
    most = Math.max(most, 1 + mostTogether(chains.slice(index + 1), new Set([...used, ...own])));
  }
  return most;
}

function nodesOf(chain: ReferenceChain): number[] {
  return [chain[0]!.from, ...chain.map(({ to }) => to)];
}

function checkChains(graph: LinkedReferences, end: number): number {
  const { chains, areAll } = disjointChains(graph, [end], 100);
  assert.equal(areAll, true);
  const inside = chains.flatMap((chain) => nodesOf(chain).slice(0, -1));
  assert.equal(new Set(inside).size, inside.length, "no two chains share a node");
  for (const chain of chains) {
    const nodes = nodesOf(chain);
    assert.equal(graph.nodes[nodes[0]!]!.node.kind, "recipe");
    assert.equal(nodes.at(-1), end);
    for (const [at, { from, to }] of chain.entries()) assert.deepEqual([from, to], nodes.slice(at, at + 2));
    for (const [at, node] of nodes.entries()) {
      const far = graph.outOf[node]!.map(({ to }) => nodes.indexOf(to)).filter((place) => place > at + 1);
      assert.deepEqual(far, [], "no chain makes a detour");
    }
  }
  return chains.length;
}

test("there are as many chains as can be, of a thousand random graphs", () => {
  const random = randomSource(6);
  let several = 0;
  for (let round = 0; round < 1000; round++) {
    const [lines, files] = [1 + random(4), 1 + random(5)];
    const edges = Array.from({ length: random(14) }, (): [number, number] => {
      return [random(lines + files), lines + random(files)];
    }).filter(([from, to]) => from !== to);
    const graph = graphOf(lines, files, edges);
    const end = lines + files - 1;
    const all = allChains(graph, end);
    const count = checkChains(graph, end);
    assert.equal(count, mostTogether(all));
    if (count > 1) several += 1;
    const shortest = shortestChain(graph, [end]);
    assert.equal(
      shortest?.length ?? 0,
      Math.min(...all.map((chain) => chain.length - 1), Infinity) % Infinity || 0,
    );
    assert.equal(distancesFromLines(graph)[end], shortest?.length ?? Number.POSITIVE_INFINITY);
    assert.deepEqual(linesTo(graph, [end]).sort(), [...new Set(all.map(([line]) => line!))].sort());
  }
  assert.ok(several > 100, `${several} graphs have several chains`);
});

test("a chain that stood in the way of two is led another way", () => {
  // 0 -> 3 -> 4 is the shortest; only 0 -> 2 and 1 -> 3 leave room for both.
  const graph = graphOf(2, 4, [
    [0, 3],
    [0, 2],
    [1, 3],
    [2, 4],
    [4, 5],
    [3, 5],
  ]);
  assert.equal(checkChains(graph, 5), 2);
});

test("the search ends at the bound, and says so", () => {
  const graph = graphOf(5, 1, [
    [0, 5],
    [1, 5],
    [2, 5],
    [3, 5],
    [4, 5],
  ]);
  const { chains, areAll } = disjointChains(graph, [5], 3);
  assert.deepEqual([chains.length, areAll], [3, false]);
});

test("any of several targets will do", () => {
  const graph = graphOf(2, 3, [
    [0, 2],
    [2, 3],
    [1, 4],
  ]);
  assert.equal(disjointChains(graph, [3, 4], 9).chains.length, 2);
});

test("20,000 nodes in a row are no problem", () => {
  const length = 20_000;
  const edges = Array.from({ length: length - 1 }, (_, at): [number, number] => [at, at + 1]);
  const graph = graphOf(1, length - 1, edges);
  assert.equal(shortestChain(graph, [length - 1])!.length, length - 1);
  assert.equal(disjointChains(graph, [length - 1], 9).chains.length, 1);
});
