/** Pictures as SVG: nothing lies over anything else, and the same graph gives the same bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Drawing, drawGraph } from "../../src/draw/draw-graph.ts";
import { layoutPicture } from "../../src/draw/layout.ts";
import { writeSvg } from "../../src/draw/write-svg.ts";
import { documentOf, randomDocument } from "../support/graph-documents.ts";
import { ODD_TEXTS } from "../support/odd-texts.ts";

const FOLDED: Drawing = { shown: null, focus: new Set(), detail: "fold", opened: new Set() };

test("no box lies over another, nor out of the picture", () => {
  for (const [seed, size] of [1, 8, 30, 120, 400].entries()) {
    const layout = layoutPicture(drawGraph(randomDocument(seed, size), FOLDED));
    for (const [at, one] of layout.boxes.entries()) {
      assert.ok(
        one.x >= 0 && one.x + one.width <= layout.width && one.y >= 0 && one.y + one.height <= layout.height,
      );
      for (const other of layout.boxes.slice(at + 1)) {
        const isApart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        assert.ok(isApart, `${one.of.id} over ${other.of.id}`);
      }
    }
  }
});

test("arrows begin and end at the sides of their boxes", () => {
  const { boxes, arrows } = layoutPicture(drawGraph(randomDocument(3, 60), FOLDED));
  assert.ok(arrows.length > 0);
  const standing = new Map(boxes.map((box) => [box.of.id, box]));
  for (const { of, points } of arrows) {
    for (const [box, point] of [
      [standing.get(of.from)!, points[0]!],
      [standing.get(of.to)!, points.at(-1)!],
    ] as const) {
      assert.ok(point.x === box.x || Math.abs(point.x - box.x - box.width) < 0.2);
      assert.ok(point.y >= box.y && point.y <= box.y + box.height);
    }
  }
});

test("the same graph gives the same bytes", () => {
  const draw = () => writeSvg(drawGraph(randomDocument(5, 300), FOLDED));
  assert.equal(draw(), draw());
});

test("no name leaves its place", () => {
  const document = documentOf(
    [["recipe", "a.yaml:1:1"], ...ODD_TEXTS.map((text) => ["file", `/${text}`] as const)],
    ODD_TEXTS.map((_, at) => [0, at + 1] as const),
  );
  const svg = writeSvg(drawGraph(document, { ...FOLDED, detail: "whole" }));
  const names = [...svg.matchAll(/<(\/?[a-z]+)/g)].map(([, name]) => name!);
  const known = ["svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "text"];
  assert.deepEqual([...new Set(names.map((name) => name.replace("/", "")))].sort(), known.sort());
  assert.equal(
    names.filter((name) => name === "title").length,
    names.filter((name) => name === "/title").length,
  );
  assert.ok(!/[\0-\x08\x0b\x0c\x0e-\x1f]|\p{Surrogate}/u.test(svg));
});
