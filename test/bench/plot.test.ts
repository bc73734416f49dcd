import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bar, barsOf, writePlot } from "./plot.ts";

const bar = (peer: string, ratio: number, row = "Cold build (cpu)"): Bar => ({ row, peer, ratio });

/** What each bar's rectangle says. */
function rectangles(svg: string): { kind: string; x: number; width: number }[] {
  return [...svg.matchAll(/<rect class="(less|more)" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, kind, x, width]) => ({ kind: kind!, x: Number(x), width: Number(width) }),
  );
}

test("ten times less is as long as ten times more, to the other side", () => {
  const [less, more] = rectangles(writePlot([bar("a", 0.1), bar("b", 10)]));
  assert.deepEqual([less!.kind, more!.kind], ["less", "more"]);
  assert.ok(Math.abs(less!.width - more!.width) < 0.2);
  assert.ok(Math.abs(less!.x + less!.width - more!.x) < 0.2);
});

test("the axis is one of logarithms", () => {
  const [ten, hundred] = rectangles(writePlot([bar("a", 0.1), bar("b", 0.01)]));
  assert.ok(Math.abs(hundred!.width - 2 * ten!.width) < 0.3);
});

test("a row's title stands once above its bars, and text is safe", () => {
  const svg = writePlot([bar("a & b", 1.5), bar("<c>", 2), bar("d", 3, "Another (wall)")]);
  assert.equal(svg.split(">Cold build (cpu)<").length, 2);
  assert.match(svg, />a &amp; b</);
  assert.match(svg, />&lt;c></);
  assert.match(svg, />Another \(wall\)</);
});

test("nothing measured is a picture without bars", () => {
  assert.deepEqual(rectangles(writePlot([])), []);
});

test("bars show what the row counts, and leave out who did not run", () => {
  const run = (wallSeconds: number, cpuSeconds: number) => ({ wallSeconds, cpuSeconds, peakMiB: null });
  const standing = (name: string, ...runs: ReturnType<typeof run>[]) => ({
    name,
    runs,
    outputBytes: null,
    trouble: null,
  });
  const standings = [standing("initgraph", run(1, 8)), standing("a", run(2, 2)), standing("b")];
  const row = { name: "x", title: "X" };
  const barsBy = (counts: "cpu" | "wall") => barsOf([{ row: { ...row, counts }, standings, trouble: null }]);
  assert.deepEqual(barsBy("wall"), [{ row: "X (wall)", peer: "a", ratio: 0.5 }]);
  assert.deepEqual(barsBy("cpu"), [{ row: "X (cpu)", peer: "a", ratio: 4 }]);
});
