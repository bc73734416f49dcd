import assert from "node:assert/strict";
import { test } from "node:test";
import { openBytes } from "../../src/core/open-bytes.ts";
import { openRewritten, rewriteBytes } from "../../src/core/open-rewritten.ts";
import { bytesOf, type HostPath } from "../../src/core/path.ts";

const TEXT = "ab--cd----ef";
const REWRITES = [
  { at: 0, was: bytesOf("ab"), now: bytesOf("AB") },
  { at: 4, was: bytesOf("cd"), now: bytesOf("CD") },
  { at: 10, was: bytesOf("ef"), now: bytesOf("EF") },
];
const PATH = "/x" as HostPath;

test("every window of a file shows the new bytes", () => {
  const file = openRewritten(openBytes(Buffer.from(TEXT)), REWRITES, PATH);
  const now = "AB--CD----EF";
  assert.equal(file.size, TEXT.length);
  for (let from = 0; from <= TEXT.length; from++) {
    for (let length = 0; length <= TEXT.length + 1; length++) {
      const into = Buffer.alloc(length, "?");
      const read = file.read(into, from);
      assert.equal(into.toString("latin1", 0, read), now.slice(from, from + length), `${from} ${length}`);
    }
  }
  assert.equal(Buffer.from(rewriteBytes(Buffer.from(TEXT), REWRITES)).toString("latin1"), now);
});

test("a file that no longer holds the old bytes has changed", () => {
  const file = openRewritten(openBytes(Buffer.from("ab--xd----ef")), REWRITES, PATH);
  assert.throws(() => file.read(new Uint8Array(12), 0), { message: "host/file-changed" });
  assert.equal(file.read(new Uint8Array(4), 0), 4);
});
