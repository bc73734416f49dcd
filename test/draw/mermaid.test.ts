/** What is written for Mermaid keeps to the grammar that its documentation gives; there is no parser of it without a browser's packages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Drawing, drawGraph } from "../../src/draw/draw-graph.ts";
import { groupNodes } from "../../src/draw/group-nodes.ts";
import { writeMermaid } from "../../src/draw/write-mermaid.ts";
import { documentOf, randomDocument } from "../support/graph-documents.ts";
import { ODD_TEXTS } from "../support/odd-texts.ts";

const WHOLE: Drawing = { shown: null, focus: new Set(), detail: "whole", opened: new Set() };

/** https://mermaid.js.org/syntax/flowchart.html: nodes with quoted texts, links, subgraphs, classes, comments. */
const TEXT = '"(?:[A-Za-z0-9 ,_./-]|#[0-9]+;|<br/>)+"';
const LINES = [
  /^flowchart LR$/,
  /^ {2}%% [^{}]*$/,
  new RegExp(`^ {2,4}n\\d+(x\\d+)?\\[${TEXT}\\]:::[a-z]+Box$`),
  new RegExp(`^ {2}n\\d+(x\\d+)? (-->|-\\.->)(\\|${TEXT}\\|)? n\\d+(x\\d+)?$`),
  new RegExp(`^ {2}subgraph frame_[a-z0-9]+\\[${TEXT}\\]$`),
  /^ {2}end$/,
  /^ {2}classDef [a-z]+Box [a-z-]+:[#0-9a-z]+(,[a-z-]+:[#0-9a-z ]+)*$/,
  /^$/,
];

function checkGrammar(mermaid: string): void {
  for (const line of mermaid.split("\n"))
    assert.ok(
      LINES.some((form) => form.test(line)),
      line,
    );
}

test("every line is of the grammar", () => {
  const document = groupNodes(randomDocument(6, 150), "layer", () => null);
  for (const detail of ["whole", "groups", "fold"] as const)
    checkGrammar(writeMermaid(drawGraph(document, { ...WHOLE, detail })));
});

test("texts come through, and mean nothing", () => {
  const document = documentOf(
    [
      ["recipe", "a.yaml:1:1"],
      ...[...ODD_TEXTS, "1. list", "- list", "end", "`code`"].map((text) => ["file", `/d/${text}`] as const),
    ],
    [],
  );
  const picture = drawGraph(document, WHOLE);
  const mermaid = writeMermaid(picture);
  checkGrammar(mermaid);
  for (const { id, texts } of picture.boxes) {
    const [, text] = new RegExp(`^ {2}${id}\\["(.*)"\\]`, "m").exec(mermaid)!;
    const shown = text!
      .split("<br/>")
      .map((line) => line.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))));
    assert.deepEqual(shown, [...texts]);
  }
});
