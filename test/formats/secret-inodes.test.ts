import assert from "node:assert/strict";
import { test } from "node:test";
import { countSecretEntries, FIRST_SECRET_INODE } from "../../src/formats/secret-inodes.ts";

const FIRST = FIRST_SECRET_INODE;

const CASES: readonly (readonly [inodes: readonly number[], count: number])[] = [
  [[], 0],
  [[0, 1, 2], 0],
  [[FIRST], 1],
  [[7, FIRST, FIRST + 1], 2],
  [[FIRST, FIRST, FIRST + 1], 2],
  [[FIRST + 1], 0],
  [[FIRST, FIRST + 2], 0],
  [[FIRST, 7], 0],
  [[7, 0xffff_ffff], 0],
];

test("secrets are the last entries whose numbers count up from the first of theirs", () => {
  for (const [inodes, count] of CASES) {
    assert.equal(countSecretEntries(inodes.map((ino) => ({ ino }))), count, inodes.join(" "));
  }
});
