import assert from "node:assert/strict";
import { test } from "node:test";
import type { Standing, Trouble } from "./contest.ts";
import { type Result, ratiosOf, writeJson, writeMarkdown } from "./table.ts";

const standing = (name: string, seconds: readonly number[], more: Partial<Standing> = {}): Standing => ({
  name,
  runs: seconds.map((wallSeconds) => ({ wallSeconds, cpuSeconds: wallSeconds * 2, peakMiB: 64 })),
  outputBytes: null,
  trouble: null,
  ...more,
});

const result = (standings: readonly Standing[], trouble: Trouble | null = null): Result => ({
  row: { name: "cold", title: "Cold build", counts: "cpu" },
  standings,
  trouble,
});

const CIRCUMSTANCES = {
  machine: "a machine",
  loadAverage: 0.5,
  runs: 3,
  isSmall: false,
  inputs: [{ name: "tree", entries: 2854, bytes: 260_000_000 }],
};

/** The lines below the head. */
const rowsOf = (results: readonly Result[]): string[] =>
  writeMarkdown(results, CIRCUMSTANCES).split("| ---:").at(-1)!.split("\n").slice(1);

test("a line for each contestant, with initgraph's figures over the peer's", () => {
  const lines = rowsOf([
    result([
      standing("initgraph", [1, 9, 2], { outputBytes: 90_000_000 }),
      standing("a | b", [4], { outputBytes: 100_000_000 }),
    ]),
  ]);
  assert.deepEqual(lines, [
    "| Cold build | initgraph | 3 | 4.00 | 2.00 | 64 | 90.0 |  |  |  |",
    "|  | a \\| b | 1 | 8.00 | 4.00 | 64 | 100.0 | 0.500 | 0.500 | −10.0 % |",
    "",
  ]);
});

test("a missing peer is a line that says so", () => {
  const lines = rowsOf([
    result([
      standing("initgraph", [1]),
      standing("a | b", [], { trouble: { kind: "missing", says: "not installed: a" } }),
    ]),
  ]);
  assert.match(lines[1]!, /^\| {2}\| a \\\| b: not installed: a \|/);
  assert.ok(!lines.join("\n").includes("What failed"));
});

test("a failed command is shown with what it said", () => {
  const failed = standing("dracut", [], {
    trouble: { kind: "failed", says: "failed with 1: dracut x\nno space left" },
  });
  const text = writeMarkdown([result([standing("initgraph", [1]), failed])], CIRCUMSTANCES);
  assert.match(text, /\| dracut: failed, see below \|/);
  assert.match(text, /```\ncold: failed with 1: dracut x\nno space left\n/);
});

test("a row that could not begin says why", () => {
  assert.match(
    rowsOf([result([], { kind: "missing", says: "needs root (to make sysroot)" })])[0]!,
    /Cold build \| needs root/,
  );
});

test("the circumstances stand above", () => {
  const text = writeMarkdown([], CIRCUMSTANCES);
  assert.match(text, /up to 3 runs, contestants in turn\. a machine; load average at the start: 0\.50\./);
  assert.match(text, /- tree: 2,854 entries, 260 MB/);
});

test("there is no ratio to what did not run, nor of sizes that nobody has", () => {
  const ours = standing("initgraph", [1], { outputBytes: 5 });
  assert.equal(ratiosOf(ours, standing("x", [])), null);
  assert.equal(ratiosOf(ours, standing("x", [2]))?.size, null);
});

test("the JSON holds every run", () => {
  const { machine, rows } = JSON.parse(
    writeJson([result([standing("initgraph", [1, 2]), standing("x", [4])])], CIRCUMSTANCES),
  );
  assert.equal(machine, "a machine");
  assert.equal(rows[0].contestants[0].runs.length, 2);
  assert.deepEqual(rows[0].contestants[1].ratios, { cpu: 0.375, wall: 0.375, size: null });
});
