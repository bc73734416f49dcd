import assert from "node:assert/strict";
import { test } from "node:test";
import { archiveOf, directory, file } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { put } from "./bad-recipes.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const GOOD = archiveOf([
  directory("kernel"),
  directory("kernel/x86"),
  file("kernel/x86/GenuineIntel.bin", "m"),
]);
const LOST = archiveOf([file("nowhere/f\u001b[31m", "lost")]);

test("check tells what it found on standard output, and its exit code says whether that is a fault", async (t) => {
  const cwd = scratchDirectory(t);
  put(cwd, "good.img", GOOD);
  put(cwd, "bad.img", Buffer.concat([GOOD, LOST]));
  const good = await runCli(["check", "good.img"], { cwd });
  assert.deepEqual([good.code, good.stderr], [0, ""]);
  assert.match(good.stdout, /^nothing found against it; 1 member unpacks/);
  const bad = await runCli(["check", "bad.img"], { cwd });
  assert.deepEqual([bad.code, bad.stderr], [1, ""]);
  assert.match(bad.stdout, /^fault\[check\/no-parent\]: nowhere\/f\\x1b\[31m is lost/);
  const json = await runCli(["check", "--json", "bad.img"], { cwd });
  const { ok, findings } = JSON.parse(json.stdout);
  assert.deepEqual(
    [json.code, ok, findings[0].code, findings[0].level, findings[0].facts.count],
    [1, false, "check/no-parent", "fault", 1],
  );
});

test("what is no image is a problem, not a finding", async (t) => {
  const run = await runCli(["check", "none.img"], { cwd: scratchDirectory(t) });
  assert.deepEqual([run.code, run.stdout], [1, ""]);
  assert.match(run.stderr, /host\/cannot-read/);
});
