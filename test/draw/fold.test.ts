/** Whatever is folded, every node is in one box, and there are few boxes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chainTreeOf } from "../../src/draw/chain-tree.ts";
import { standIns } from "../../src/draw/copied-trees.ts";
import { type Drawing, drawGraph } from "../../src/draw/draw-graph.ts";
import { GROUPINGS, type GraphDocument } from "../../src/draw/graph-document.ts";
import { groupNodes } from "../../src/draw/group-nodes.ts";
import { lineOwners, NOBODY, SHARED } from "../../src/draw/line-owners.ts";
import { linksOf } from "../../src/draw/links.ts";
import { neighbourhoodOf } from "../../src/draw/neighbourhood.ts";
import { documentOf, randomDocument } from "../support/graph-documents.ts";

const FOLDED: Drawing = { shown: null, focus: new Set(), detail: "fold", opened: new Set() };
const SIZES = [1, 2, 5, 20, 60, 200, 700];

function idsOf(document: GraphDocument): number[] {
  return document.nodes.map(({ id }) => id);
}

test("every node is in one box, and of many few are left", () => {
  for (const [seed, size] of SIZES.entries()) {
    const document = randomDocument(seed, size);
    const { boxes, arrows } = drawGraph(document, FOLDED);
    assert.deepEqual(
      boxes.flatMap(({ nodes }) => nodes).sort((a, b) => a - b),
      idsOf(document),
    );
    assert.ok(boxes.length <= 60, `${boxes.length} boxes of ${size} nodes`);
    const ids = new Set(boxes.map(({ id }) => id));
    assert.equal(ids.size, boxes.length);
    for (const { from, to } of arrows) assert.ok(ids.has(from) && ids.has(to) && from !== to);
  }
});

test("a box that is opened gives place to what is in it", () => {
  const document = randomDocument(9, 700);
  let opened = new Set<string>();
  let boxes = drawGraph(document, FOLDED).boxes;
  for (let round = 0; round < 4; round++) {
    const largest = boxes.toSorted((a, b) => b.nodes.length - a.nodes.length)[0]!;
    opened = new Set([...opened, largest.id]);
    const picture = drawGraph(document, { ...FOLDED, opened });
    assert.deepEqual(
      picture.boxes.flatMap(({ nodes }) => nodes).sort((a, b) => a - b),
      idsOf(document),
    );
    assert.ok(picture.boxes.length > boxes.length);
    assert.ok(!picture.boxes.some(({ id }) => id === largest.id));
    assert.ok(picture.frames.some(({ id }) => id === largest.id) || round > 0);
    boxes = picture.boxes;
  }
});

test("groups part the nodes, and count what leads from one to another", () => {
  for (const by of GROUPINGS) {
    const document = randomDocument(4, 200);
    const packageOf = ({ path }: { readonly path?: string }) =>
      path === undefined ? null : path.slice(1, 2);
    const { grouping } = groupNodes(document, by, packageOf);
    assert.deepEqual(
      grouping!.groups.flatMap(({ nodes }) => nodes).sort((a, b) => a - b),
      idsOf(document),
    );
    const groupOf = new Map(
      grouping!.groups.flatMap(({ id, nodes }) => nodes.map((node) => [node, id] as const)),
    );
    const across = document.references.filter(({ from, to }) => groupOf.get(from) !== groupOf.get(to));
    assert.equal(
      grouping!.between.reduce((sum, { references }) => sum + references, 0),
      across.length,
    );
    const { boxes } = drawGraph({ ...document, grouping }, { ...FOLDED, detail: "groups" });
    assert.equal(boxes.length, Math.min(grouping!.groups.length, 60));
  }
});

test("a line owns what goes with it", () => {
  for (let seed = 0; seed < 20; seed++) {
    const document = randomDocument(seed, 30);
    const links = linksOf(document);
    const lines = document.nodes.filter(({ kind }) => kind === "recipe").map(({ id }) => id);
    const reached = lines.map((line) => reachedFrom(line, document));
    for (const [id, owner] of lineOwners(document, links).entries()) {
      const from = lines.filter((_, at) => reached[at]!.has(id));
      if (owner === NOBODY) assert.equal(from.length, 0);
      else if (owner === SHARED) assert.ok(from.length > 1);
      else assert.deepEqual(from, [owner]);
    }
  }
});

function reachedFrom(line: number, { references }: GraphDocument): Set<number> {
  const reached = new Set([line]);
  for (const at of reached) for (const { from, to } of references) if (from === at) reached.add(to);
  return reached;
}

test("in the tree everything hangs once, as near to a root as any reference brings it", () => {
  for (const [seed, size] of SIZES.entries()) {
    const document = randomDocument(seed, size);
    const { roots, branches } = chainTreeOf(document);
    const hanging = [...roots];
    for (const at of hanging) hanging.push(...branches[at]!.children);
    const stands = standIns(document, linksOf(document));
    assert.deepEqual(
      hanging.toSorted((a, b) => a - b),
      [...new Set(stands)].sort((a, b) => a - b),
    );
    for (const { from, to } of document.references) {
      const [one, other] = [branches[stands[from]!]!, branches[stands[to]!]!];
      assert.ok(other.depth <= one.depth + 1);
    }
  }
});

test("a neighbourhood reaches as far as it is told to", () => {
  const chain = documentOf(
    [
      ["recipe", "a:1:1"],
      ["file", "/a"],
      ["file", "/b"],
      ["file", "/c"],
      ["file", "/d"],
    ],
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ],
  );
  const steps = (depth: number | null) =>
    [...neighbourhoodOf(chain, { nodes: [2], depth })].sort(([a], [b]) => a - b);
  assert.deepEqual(steps(1), [
    [1, -1],
    [2, 0],
    [3, 1],
  ]);
  assert.deepEqual(steps(null), [
    [0, -2],
    [1, -1],
    [2, 0],
    [3, 1],
    [4, 2],
  ]);
  assert.deepEqual(steps(0), [[2, 0]]);
});
