import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { lastStreamIn } from "../../src/formats/last-stream.ts";
import { seededBytes } from "../support/archive.ts";

const BZIP2 = Buffer.from("BZh91AY&SY");

test("the last of several bzip2 streams is found, wherever pieces are cut", () => {
  const piece = 2 ** 20;
  for (const at of [10, piece - 11, piece - 10, piece - 5, piece, 2 * piece - 1]) {
    const bytes = Buffer.concat([BZIP2, seededBytes(3, 2 * piece + 5)]);
    BZIP2.copy(bytes, at);
    assert.equal(lastStreamIn("bzip2", sourceOf(bytes), 0), at, String(at));
  }
});

test("what begins where a member begins is its last stream, where there is no other", () => {
  const bytes = Buffer.concat([new Uint8Array(4), BZIP2, seededBytes(3, 100)]);
  assert.equal(lastStreamIn("bzip2", sourceOf(bytes), 4), 4);
  assert.equal(lastStreamIn("gzip", sourceOf(bytes), 4), 4);
});

test("a block of lz4 that looks like a stream's beginning is none", () => {
  const block = (content: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(content.length);
    return Buffer.concat([length, content]);
  };
  const magic = Buffer.from("02214c18", "hex");
  const first = Buffer.concat([magic, block(magic), block(seededBytes(7, 30))]);
  const both = Buffer.concat([first, magic, block(Buffer.concat([magic, magic]))]);
  assert.equal(lastStreamIn("lz4", sourceOf(both), 0), first.length);
  assert.equal(lastStreamIn("lz4", sourceOf(first), 0), 0);
});
