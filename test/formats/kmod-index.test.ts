import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../src/formats/format-error.ts";
import { decodeKmodIndex, encodeKmodIndex, type IndexEntry } from "../../src/formats/kmod-index.ts";
import { randomSource } from "../support/random.ts";

const SAMPLE: IndexEntry[] = [
  { key: "loop", value: "kernel/drivers/block/loop.ko:", priority: 0 },
  { key: "xfs", value: "kernel/fs/xfs/xfs.ko: kernel/lib/libcrc32c.ko", priority: 1 },
  { key: "libcrc32c", value: "kernel/lib/libcrc32c.ko:", priority: 2 },
];

test("three modules make the bytes that depmod of kmod 30 writes: children stand before their parents", () => {
  const hex = Buffer.from(encodeKmodIndex(SAMPLE)).toString("latin1");
  assert.equal(hex.length, 235);
  assert.equal(hex.slice(0, 8), "\xb0\x07\xf4\x57\x00\x02\x00\x01");
  assert.ok(hex.indexOf("bcrc32c\0") < hex.indexOf("op\0"));
  const root = Buffer.from(hex, "latin1").readUInt32BE(8);
  assert.equal(root >>> 28, 2, "the root has children alone");
  assert.equal(Buffer.from(hex, "latin1")[root & 0xfffffff], "l".charCodeAt(0));
});

test("what is written is read again", () => {
  const random = randomSource(7);
  for (let round = 0; round < 200; round++) {
    const keys = new Set(Array.from({ length: random(40) }, () => letters(random)));
    const entries = [...keys].map((key, priority) => ({ key, value: `v${priority}`, priority }));
    const sorted = [...entries].sort((a, b) => (a.key < b.key ? -1 : 1));
    assert.deepEqual(decodeKmodIndex(encodeKmodIndex(entries)), sorted);
  }
});

test("values of one key stand by priority, the last added first among equals", () => {
  const entries = [2, 1, 1].map((priority, index) => ({ key: "k", value: `${index}`, priority }));
  assert.deepEqual(
    decodeKmodIndex(encodeKmodIndex(entries)).map(({ value }) => value),
    ["2", "1", "0"],
  );
});

test("an empty index is its header", () => {
  assert.equal(Buffer.from(encodeKmodIndex([])).toString("hex"), "b007f457000200010000000c");
  assert.deepEqual(decodeKmodIndex(encodeKmodIndex([])), []);
});

test("what is not ASCII has no place in an index", () => {
  assert.throws(() => encodeKmodIndex([{ key: "\xe9", value: "", priority: 0 }]), FormatError);
});

test("every damaged index is a FormatError or an index", () => {
  const whole = encodeKmodIndex(SAMPLE);
  const random = randomSource(11);
  for (let length = 0; length < whole.length; length++) onlyFormatErrors(whole.subarray(0, length));
  for (let round = 0; round < 4000; round++) {
    const damaged = Uint8Array.from(whole);
    for (let flips = random(4) + 1; flips > 0; flips--) damaged[random(whole.length)] = random(256);
    onlyFormatErrors(damaged);
  }
});

function onlyFormatErrors(bytes: Uint8Array): void {
  try {
    decodeKmodIndex(bytes);
  } catch (error) {
    assert.ok(error instanceof FormatError, String(error));
  }
}

function letters(random: (below: number) => number): string {
  return Array.from({ length: random(6) + 1 }, () => "abc:_"[random(5)]!).join("");
}
