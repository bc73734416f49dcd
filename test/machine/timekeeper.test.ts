import assert from "node:assert/strict";
import { readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bytesOf, type HostPath } from "../../src/core/path.ts";
import { keepTimes, timingOf } from "../../src/machine/timekeeper.ts";
import { TIMINGS } from "../../src/store/timings.ts";
import { randomSource } from "../support/random.ts";
import { scratchDirectory } from "../support/scratch.ts";

const ZSTD = ["builtin", "zstd 1", "level 19"];

test("work is the sum of all pieces, busy is the time in which any was at work", (t) => {
  const cache = bytesOf(scratchDirectory(t)) as HostPath;
  let now = 0;
  const times = keepTimes(() => now);
  const first = times.begin(ZSTD, 1000);
  now = 100;
  const second = times.begin(ZSTD, 3000);
  now = 300;
  first(100);
  now = 400;
  second(300);
  now = 9000; // nobody is at work
  times.begin(ZSTD, 1000)(100);
  assert.equal(timingOf(cache, ZSTD), null, "nothing is kept before it is said");
  times.save(cache);
  assert.deepEqual(timingOf(cache, ZSTD), { taken: 5000, gave: 500, workMs: 600, busyMs: 400 });
  assert.equal(timingOf(cache, ["builtin", "zstd 1", "level 3"]), null, "another level, another time");

  times.save(cache);
  assert.equal(timingOf(cache, ZSTD)?.taken, 10_000, "builds add up");
});

test("a piece that failed leaves nothing to go by", (t) => {
  const cache = bytesOf(scratchDirectory(t)) as HostPath;
  const times = keepTimes(() => 1);
  times.begin(ZSTD, 1000)(100);
  times.begin(ZSTD, 1000);
  times.save(cache);
  assert.equal(timingOf(cache, ZSTD), null);
});

test("what was measured long ago counts for less", (t) => {
  const cache = bytesOf(scratchDirectory(t)) as HostPath;
  let now = 0;
  const build = (taken: number, milliseconds: number) => {
    const times = keepTimes(() => now);
    const done = times.begin(ZSTD, taken);
    now += milliseconds;
    done(1);
    times.save(cache);
  };
  build(2 ** 31, 1000);
  for (let count = 0; count < 20; count++) build(2 ** 31, 8000);
  const { workMs, taken } = timingOf(cache, ZSTD)!;
  assert.ok(Math.abs((workMs * 2 ** 31) / taken - 8000) < 100, "it is as slow as it was lately");
});

test("a file that is damaged is as good as none", (t) => {
  const directory = scratchDirectory(t);
  const cache = bytesOf(directory) as HostPath;
  let now = 0;
  const times = keepTimes(() => now++);
  times.begin(ZSTD, 1000)(100);
  times.save(cache);
  const [name] = readdirSync(join(directory, TIMINGS));
  const file = join(directory, TIMINGS, name!);
  assert.ok(statSync(file).size < 200);
  const random = randomSource(3);
  for (const text of ["", "null", "[]", '{"taken":1}', '{"taken":0,"gave":1,"workMs":1,"busyMs":1}']) {
    writeFileSync(file, text);
    assert.equal(timingOf(cache, ZSTD), null, text);
  }
  for (let round = 0; round < 100; round++) {
    writeFileSync(file, Buffer.from(Array.from({ length: 40 }, () => random(256))));
    assert.equal(timingOf(cache, ZSTD), null);
  }
  times.save(cache);
  assert.notEqual(timingOf(cache, ZSTD), null, "and is written anew");
});
