import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { HostPath, TargetPath } from "../../src/core/path.ts";
import type { FileLook } from "../../src/core/ports.ts";
import { decodeInputs, encodeInputs, type InputRecord } from "../../src/store/input-file.ts";
import { inputMemoryIn } from "../../src/store/input-memory.ts";
import { randomSource } from "../support/random.ts";
import { scratchDirectory } from "../support/scratch.ts";

const NOW = 1_700_000_000_123;
const A = "usr/bin/\xff" as TargetPath;
const LOOK: FileLook = { size: 7, version: { mtimeMs: 1000.5, ctimeMs: 2000.25, inode: 3, device: 4 } };
const DIGEST = digestOf(Buffer.from("a"));

function memoryIn(directory: string, now = NOW) {
  const processes = { self: "1-1-00000000", isAlive: () => null };
  return inputMemoryIn(directory as HostPath, { processes, now: () => now });
}

function kept(t: TestContext): { directory: string; file: string } {
  const directory = scratchDirectory(t);
  const memory = memoryIn(directory);
  memory.of("tree").remember(A, LOOK, { scan: { kind: "plain" } });
  memory.of("tree").remember(A, LOOK, { digest: DIGEST });
  memory.save();
  const [file] = readdirSync(`${directory}/inputs-v1`);
  return { directory, file: `${directory}/inputs-v1/${file}` };
}

test("what was learned of a file is known to the next build, all of it, in that tree", (t) => {
  const { directory } = kept(t);
  const memory = memoryIn(directory);
  assert.deepEqual(memory.of("tree").recall(A, LOOK), { digest: DIGEST, scan: { kind: "plain" } });
  assert.equal(memory.of("another").recall(A, LOOK), null);
  assert.equal(memory.of("tree").recall("usr" as TargetPath, LOOK), null);
});

test("a file that looks different in any way is not known, and what is learned anew replaces the old", (t) => {
  const { directory } = kept(t);
  const memory = memoryIn(directory);
  const { version } = LOOK;
  for (const other of [{ mtimeMs: 1000 }, { ctimeMs: 2000.5 }, { inode: 9 }, { device: 9 }]) {
    assert.equal(memory.of("tree").recall(A, { ...LOOK, version: { ...version!, ...other } }), null);
  }
  assert.equal(memory.of("tree").recall(A, { ...LOOK, size: 8 }), null);
  const longer = { ...LOOK, size: 8 };
  memory.of("tree").remember(A, longer, { digest: digestOf(Buffer.from("b")) });
  memory.save();
  const later = memoryIn(directory).of("tree");
  assert.deepEqual(later.recall(A, longer), { digest: digestOf(Buffer.from("b")), scan: null });
  assert.equal(later.recall(A, LOOK), null);
});

test("a file that may have changed in the tick of the clock in which it was read is not kept", (t) => {
  const directory = scratchDirectory(t);
  const memory = memoryIn(directory, NOW);
  const look = (ctimeMs: number): FileLook => ({
    size: 1,
    version: { ...LOOK.version!, mtimeMs: 1, ctimeMs },
  });
  const table: [ctimeMs: number, isKept: boolean][] = [
    [NOW - 150, true],
    [NOW - 50, false],
    [NOW + 5000, false],
    [NOW - 123 - 1000, false], // a whole second: of a file system that may know no finer times
    [NOW - 123 - 3000, true],
  ];
  for (const [at, [ctimeMs]] of table.entries()) {
    memory.of("tree").remember(`f${at}` as TargetPath, look(ctimeMs), { digest: DIGEST });
  }
  memory.save();
  for (const [at, [ctimeMs, isKept]] of table.entries()) {
    const known = memoryIn(directory)
      .of("tree")
      .recall(`f${at}` as TargetPath, look(ctimeMs));
    assert.equal(known !== null, isKept, String(at));
  }
});

test("a damaged or foreign file of memory is as good as none: every truncation, and flipped bytes", (t) => {
  const { directory, file } = kept(t);
  const whole = readFileSync(file);
  const random = randomSource(7);
  const spoiled = Array.from(whole, (_, length) => whole.subarray(0, length));
  for (let at = 0; at < whole.length; at++) {
    const copy = Buffer.from(whole);
    copy[at] = copy[at]! ^ (1 << (at % 8));
    spoiled.push(copy);
  }
  for (let round = 0; round < 50; round++)
    spoiled.push(Buffer.from(Array.from({ length: round * 7 }, () => random(256))));
  for (const bytes of spoiled) {
    writeFileSync(file, bytes);
    assert.equal(memoryIn(directory).of("tree").recall(A, LOOK), null);
  }
});

test("many files are kept in few bytes, and come back in order", () => {
  const records: InputRecord[] = Array.from({ length: 2000 }, (_, at) => ({
    path: `usr/lib/file-${at}`,
    size: at,
    version: at === 0 ? null : { mtimeMs: at + 0.25, ctimeMs: at + 0.5, inode: at * 2 ** 40, device: 66306 },
    digest: at % 3 === 0 ? null : DIGEST.slice("sha256-".length),
    scan: at % 2 === 0 ? '{"kind":"plain"}' : null,
  }));
  const bytes = Buffer.concat(encodeInputs("tree", records));
  assert.deepEqual(decodeInputs(bytes, "tree"), records);
  assert.equal(decodeInputs(bytes, "another"), null);
  assert.ok(bytes.length < 2000 * 100);
});
