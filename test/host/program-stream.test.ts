import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostPath } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { nodeHost } from "../../src/host/node-host.ts";

const SH = "/bin/sh" as HostPath;
const host = nodeHost({ jobs: 1, environment: process.env });

function filter(script: string, input: Iterable<Uint8Array>, sink: (piece: Uint8Array) => void = () => {}) {
  return host.filterProgram({ program: SH, args: ["-c", script], input: input[Symbol.iterator](), sink });
}

test("pieces of any size go through a program, byte for byte", async () => {
  const pieces = [1, 70_000, 0, 3_000_001].map((size) => Buffer.alloc(size, `${size} `));
  const output: Uint8Array[] = [];
  const end = await filter("cat", pieces, (piece) => output.push(Uint8Array.from(piece)));
  assert.deepEqual(end, { exitCode: 0, complaint: "" });
  assert.ok(Buffer.concat(output).equals(Buffer.concat(pieces)));
});

test("a piece is asked for when the one before is taken, so that they may share their memory", async () => {
  const shared = Buffer.alloc(200_000);
  const input = function* () {
    for (let round = 0; round < 20; round++) yield shared.fill(round);
  };
  const counts = new Map<number, number>();
  await filter("sleep 0.1; cat", input(), (piece) => {
    for (const byte of piece) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  });
  assert.deepEqual([...counts.values()], Array(20).fill(200_000));
});

test("a program need not read its input, and its last words are kept", async () => {
  const end = await filter("echo no >&2; exit 3", [new Uint8Array(5_000_000)]);
  assert.deepEqual(end, { exitCode: 3, complaint: "no" });
  assert.equal((await filter("kill -9 $$", [])).exitCode, 137);
});

test("what the sink throws ends the program and all that it started", async () => {
  const why = new Error("enough");
  let pid = 0;
  const endless = filter("yes >&2 & echo $!; exec yes", [], (piece) => {
    pid = Number.parseInt(Buffer.from(piece).toString(), 10);
    throw why;
  });
  await assert.rejects(endless, (error) => error === why);
  for (let tries = 0; tries < 200 && isAlive(pid); tries++) await sleep(10);
  assert.ok(!isAlive(pid));
});

test("what the input throws ends the program too", async () => {
  const input = function* (): Generator<Uint8Array> {
    yield new Uint8Array(10);
    throw new RangeError("gone");
  };
  await assert.rejects(filter("cat", input()), RangeError);
});

test("a program that cannot be run is a problem", async () => {
  const run = host.filterProgram({
    program: "/nonexistent/program" as HostPath,
    args: [],
    input: [][Symbol.iterator](),
    sink: () => {},
  });
  await assert.rejects(run, (error) => {
    assert.ok(error instanceof BuildFailure);
    assert.equal(error.problems[0]?.code, "host/cannot-run");
    return true;
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
