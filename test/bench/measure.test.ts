/** With commands whose cost is known. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { requireTool } from "../support/tools.ts";
import { type Figures, hasFailed, measure } from "./measure.ts";

const figuresOf = (...command: string[]): Figures => {
  const run = measure(command);
  assert.ok(!hasFailed(run), JSON.stringify(run));
  return run;
};

test("waiting takes time of the wall and none of the processor", () => {
  const { wallSeconds, cpuSeconds } = figuresOf("sleep", "0.3");
  assert.ok(wallSeconds >= 0.3, `${wallSeconds} s`);
  assert.ok(cpuSeconds < 0.15, `${cpuSeconds} s`);
});

test("the work of children counts", () => {
  const work = "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done";
  const { cpuSeconds } = figuresOf("bash", "-c", `bash -c '${work}'; true`);
  assert.ok(cpuSeconds > 0.02, `${cpuSeconds} s`);
});

test("the peak is that of the largest process", requireTool("time"), () => {
  const fill = "Buffer.alloc(200 * 2 ** 20, 1)";
  const { peakMiB } = figuresOf("bash", "-c", `'${process.execPath}' -e '${fill}'; true`);
  assert.ok(peakMiB !== null && peakMiB > 200 && peakMiB < 400, `${peakMiB} MiB`);
});

test("a command that fails says why", () => {
  const run = measure(["bash", "-c", "echo disk on fire >&2; exit 3"]);
  assert.deepEqual(run, {
    command: ["bash", "-c", "echo disk on fire >&2; exit 3"],
    status: 3,
    says: "disk on fire",
  });
});

test("a command that is not there fails", () => {
  assert.ok(hasFailed(measure(["/nonexistent/program"])));
});
