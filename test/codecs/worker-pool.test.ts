import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WorkerPool } from "../../src/codecs/worker-pool.ts";
import type { OddJob } from "./odd-worker.ts";

const ENTRY = new URL("./odd-worker.js", import.meta.url);
/** Longer than any test. */
const LONG_MS = 600_000;

function poolOf(idleMs = LONG_MS) {
  const pool = new WorkerPool(ENTRY, idleMs);
  return { pool, run: (job: OddJob) => pool.run({ message: job, transfer: [] }) };
}

test("makes a thread for each job at a time, and uses them again", async () => {
  const { pool, run } = poolOf();
  assert.equal(pool.threads, 0);
  const first = await run("answer");
  assert.equal(await run("answer"), first);
  const two = await Promise.all([run("answer"), run("answer")]);
  assert.equal(new Set(two).size, 2);
  assert.ok(two.includes(first));
  assert.equal(pool.threads, 2);
});

test("a job's error is the one it was, ends its thread, and no other job", async () => {
  const { pool, run } = poolOf();
  const settled = await Promise.allSettled([
    run("answer"),
    run("fail"),
    run("throw"),
    run("exit"),
    run("answer"),
  ]);
  const said = settled.map((one) => (one.status === "rejected" ? `${one.reason}` : one.status));
  assert.deepEqual(said, [
    "fulfilled",
    "RangeError: as it was",
    "TypeError: not caught",
    "Error: a worker thread ended with exit code 7",
    "fulfilled",
  ]);
  assert.equal(pool.threads, 2);
  assert.equal(typeof (await run("answer")), "number");
});

test("a thread that is spent gets no other job", async () => {
  const { pool, run } = poolOf();
  const spent = await run("answer, spent");
  assert.equal(pool.threads, 0);
  assert.notEqual(await run("answer"), spent);
});

test("a thread without work is ended after its time", async () => {
  const { pool, run } = poolOf(1);
  await run("answer");
  while (pool.threads > 0) await nextTurn();
  assert.equal(typeof (await run("answer")), "number");
});

test("threads at work keep the process alive, idle ones do not; its options are not theirs", () => {
  const script = `
    import { WorkerPool } from ${JSON.stringify(new URL("../../src/codecs/worker-pool.js", import.meta.url))};
    const pool = new WorkerPool(new URL(${JSON.stringify(ENTRY)}), ${LONG_MS});
    for (const message of ["answer", "answer late"]) pool.run({ message, transfer: [] }).then(() => console.log(message));
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    encoding: "utf8",
    timeout: 60_000,
  });
  assert.deepEqual({ stdout, stderr, status }, { stdout: "answer\nanswer late\n", stderr: "", status: 0 });
});
