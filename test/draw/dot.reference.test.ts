/** Graphviz itself reads what is written for it, and finds the names that were put in. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { type Drawing, drawGraph } from "../../src/draw/draw-graph.ts";
import { groupNodes } from "../../src/draw/group-nodes.ts";
import { writeDot } from "../../src/draw/write-dot.ts";
import { documentOf, randomDocument } from "../support/graph-documents.ts";
import { requireTool } from "../support/tools.ts";

const WHOLE: Drawing = { shown: null, focus: new Set(), detail: "whole", opened: new Set() };
const needsDot = requireTool("dot");

interface GraphvizJson {
  readonly objects: readonly {
    readonly name: string;
    readonly label?: string;
    readonly nodes?: readonly number[];
  }[];
  readonly edges: readonly { readonly tail: number; readonly head: number }[];
}

function readByGraphviz(dot: string): GraphvizJson {
  return JSON.parse(
    execFileSync("dot", ["-Tdot_json"], { input: dot, stdio: ["pipe", "pipe", "pipe"] }).toString(),
  );
}

const NAMES = [
  'quo"te',
  "back\\slash",
  "trailing\\",
  "a&amp;b &#60; <b>",
  "{rec|ord}",
  "\\N \\l \\n",
  "caf\u00e9 \u65e5\u672c",
  "\\xff",
  "// no comment /* nor */ # this",
  "semi; [x=1]",
];

test("names come through as they are", needsDot, () => {
  const document = documentOf(
    [["recipe", "a.yaml:1:1"], ...NAMES.map((name) => ["file", `/d/${name}`] as const)],
    NAMES.map((_, at) => [0, at + 1] as const),
  );
  const picture = drawGraph(document, WHOLE);
  const { objects } = readByGraphviz(writeDot(picture));
  for (const { id, texts } of picture.boxes) {
    const label = objects.find(({ name }) => name === id)!.label!;
    assert.equal(unescapeLabel(label), texts.join("\n"));
  }
});

/** As lang.html and the escString's page have it. */
function unescapeLabel(label: string): string {
  return label
    .replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character))
    .replaceAll("&amp;", "&");
}

test("boxes, arrows and frames are what the picture has", needsDot, () => {
  const document = groupNodes(randomDocument(8, 120), "recipe-line", () => null);
  const picture = drawGraph(document, WHOLE);
  const { objects, edges } = readByGraphviz(writeDot(picture));
  const clusters = objects.filter(({ name }) => name.startsWith("cluster_"));
  assert.equal(clusters.length, picture.frames.length);
  for (const { id } of picture.frames) {
    const found = clusters.find(({ name }) => name === `cluster_${id}`)!;
    const inside = (found.nodes ?? []).map((number) => objects[number]!.name).sort();
    assert.deepEqual(
      inside,
      picture.boxes
        .filter(({ frame }) => frame === id)
        .map((box) => box.id)
        .sort(),
    );
  }
  assert.deepEqual(
    edges.map(({ tail, head }) => `${objects[tail]!.name} ${objects[head]!.name}`).sort(),
    picture.arrows.map(({ from, to }) => `${from} ${to}`).sort(),
  );
});

test("a folded picture is laid out without complaint", needsDot, () => {
  const dot = writeDot(drawGraph(randomDocument(2, 500), { ...WHOLE, detail: "fold" }));
  const svg = execFileSync("dot", ["-Tsvg"], { input: dot, stdio: ["pipe", "pipe", "pipe"] });
  assert.match(svg.toString(), /<\/svg>\s*$/);
});
