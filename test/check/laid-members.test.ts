import assert from "node:assert/strict";
import { test } from "node:test";
import { checkLaidMembers, type LaidMember } from "../../src/check/laid-members.ts";

type Kind = LaidMember["firstKind"];

/** Members and the bytes between them; the image begins at byte 64 of its file. */
function codes(...parts: readonly (readonly [kind: Kind, size: number, zeros: number])[]): string[] {
  let offset = 64;
  const members = parts.map(([kind, size, zeros]) => {
    const member = { offset, size, firstKind: kind, lastKind: kind };
    offset += size + zeros;
    return member;
  });
  return checkLaidMembers(members).map(({ code }) => code);
}

test("members may stand where the kernel sees them", () => {
  assert.deepEqual(codes(["plain", 512, 0], ["zstd", 101, 0], ["zstd", 33, 0], ["gzip", 7, 0]), []);
  assert.deepEqual(codes(["zstd", 101, 3], ["plain", 512, 0]), []);
  assert.deepEqual(codes(["lz4", 101, 0], ["lz4", 50, 5], ["gzip", 7, 0]), []);
  assert.deepEqual(codes(["lz4", 101, 7], ["plain", 512, 0]), []);
});

test("and nowhere else", () => {
  assert.deepEqual(codes(["zstd", 101, 0], ["plain", 512, 0]), ["check/misaligned-archive"]);
  assert.deepEqual(codes(["plain", 512, 1], ["gzip", 7, 0]), ["check/broken-padding"]);
  assert.deepEqual(codes(["lz4", 101, 3], ["lz4", 50, 0]), ["check/lz4-followed"]);
  assert.deepEqual(codes(["lz4", 101, 0], ["gzip", 7, 0]), ["check/lz4-followed"]);
});
