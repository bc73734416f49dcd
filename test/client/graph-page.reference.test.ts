/** The page of a graph, and its picture alone, in Debian's Chromium. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { graphPage } from "../../src/cli/work/graph-page.ts";
import { drawGraph } from "../../src/draw/draw-graph.ts";
import type { GraphDocument } from "../../src/draw/graph-document.ts";
import { writeSvg } from "../../src/draw/write-svg.ts";
import { openPage, requireChromium, startChromium } from "../support/chromium.ts";
import { documentOf, randomDocument } from "../support/graph-documents.ts";
import { ODD_TEXTS } from "../support/odd-texts.ts";
import { scratchDirectory } from "../support/scratch.ts";

/** Programs that each need a library, and one line that names them all. */
const SAMPLE: GraphDocument = documentOf(
  [
    ["recipe", "initrd.yaml:3:5"],
    ...Array.from({ length: 12 }, (_, at) => ["file", `/bin/program-${at}`] as const),
    ["file", "/lib/libneeded.so.1"],
    ...ODD_TEXTS.map((text) => ["file", `/odd/${text}`] as const),
  ],
  [
    ...Array.from({ length: 12 }, (_, at) => [0, at + 1] as const),
    ...Array.from({ length: 12 }, (_, at) => [at + 1, 13, "needed"] as const),
    ...ODD_TEXTS.map((_, at) => [0, 14 + at] as const),
  ],
);

test("the graph's page and picture in a browser", requireChromium(), async (t) => {
  const directory = scratchDirectory(t);
  const browser = await startChromium();
  t.after(() => browser.close());
  const open = (document: GraphDocument, name: string) => {
    const file = join(directory, name);
    writeFileSync(file, graphPage({ document, focus: new Set(), near: null }));
    return openPage(browser, file);
  };

  await t.test("whatever is chosen shows the chain that brought it", async () => {
    const { page, complaints, requests } = await open(SAMPLE, "chain.html");
    await page.locator("#search").fill("libneeded");
    await page.locator("#found button").click();
    const chain = await page.evaluate(
      '[...document.querySelectorAll(".chain li")].map((one) => one.textContent)',
    );
    assert.deepEqual(chain, [
      "initrd.yaml:3:5  - object: 0 named /bin/program-0",
      "needed /lib/libneeded.so.1",
    ]);
    assert.equal(await page.evaluate('document.querySelectorAll(".box.focus").length'), 1);
    assert.equal(await page.evaluate("document.activeElement.textContent"), "/lib/libneeded.so.1");
    assert.deepEqual([complaints, requests], [[], []]);
  });

  await t.test("a box unfolds and folds by keys alone", async () => {
    const { page, complaints } = await open(SAMPLE, "keys.html");
    const count = () => page.evaluate('document.querySelectorAll(".box").length') as Promise<number>;
    const before = await count();
    await page.evaluate('document.querySelector(".box.group").focus()');
    await page.keyboard.press("o");
    assert.ok((await count()) >= before + 10);
    assert.match((await page.evaluate("document.activeElement.id")) as string, /^n\d+$/);
    await page.evaluate('document.querySelector(".frame").focus()');
    await page.keyboard.press("Enter");
    assert.equal(await count(), before);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate("document.activeElement.id"), "search");
    assert.deepEqual(complaints, []);
  });

  await t.test("keys move and zoom the picture", async () => {
    const { page } = await open(SAMPLE, "zoom.html");
    const moved = () => page.evaluate('document.querySelector("#canvas svg > g").getAttribute("transform")');
    await page.evaluate('document.querySelector("#canvas svg").focus()');
    const seen = new Set([await moved()]);
    for (const key of ["+", "ArrowRight", "ArrowDown", "-"]) {
      await page.keyboard.press(key);
      seen.add(await moved());
    }
    assert.equal(seen.size, 5);
  });

  await t.test("3,000 nodes are drawn in boxes that can be counted", async () => {
    const { page, complaints } = await open(randomDocument(1, 3000), "large.html");
    const boxes = (await page.evaluate('document.querySelectorAll(".box").length')) as number;
    assert.ok(boxes > 1 && boxes <= 60, String(boxes));
    assert.deepEqual(complaints, []);
  });

  await t.test("the picture alone is well-formed, and dark where that is wished", async () => {
    const file = join(directory, "graph.svg");
    const drawing = {
      shown: null,
      focus: new Set<number>(),
      detail: "whole",
      opened: new Set<string>(),
    } as const;
    writeFileSync(file, writeSvg(drawGraph(SAMPLE, drawing)));
    const fills = new Set<unknown>();
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints, requests } = await openPage(browser, file, { colorScheme });
      assert.equal(await page.evaluate("document.documentElement.nodeName"), "svg");
      assert.equal(await page.evaluate('document.querySelectorAll("parsererror, script, img").length'), 0);
      assert.equal(await page.evaluate('document.querySelectorAll(".box").length'), SAMPLE.nodes.length);
      fills.add(await page.evaluate('getComputedStyle(document.querySelector(".page")).fill'));
      // Every text stays inside its box.
      const wide = await page.evaluate(
        '[...document.querySelectorAll(".box")].filter((box) => [...box.querySelectorAll(".name, .more")].some((text) => text.getBBox().width > box.querySelector("rect").getBBox().width)).map((box) => box.textContent)',
      );
      assert.deepEqual(wide, []);
      assert.deepEqual([complaints, requests], [[], []]);
    }
    assert.equal(fills.size, 2);
  });
});
