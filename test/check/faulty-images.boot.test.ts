/**
 * What `check` says of faulty images is what a kernel does: each is booted, and the tree that it then has, and what it
 * prints, are those foretold. The init stands in front, where no fault reaches it.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FAULTY_IMAGES } from "../support/faulty-images.ts";
import { bootAndForesee, listingNeeds } from "../support/kernel-listing.ts";

const needed = listingNeeds("bzip2", "lz4", "lzop", "pzstd", "xz", "zstd");

describe("a kernel does as check says with", { ...needed, concurrency: 2 }, () => {
  for (const { what, bytes, says, cutFile = "" } of FAULTY_IMAGES) {
    test(what, async (t) => {
      const { console, listed, foreseen } = await bootAndForesee(bytes(), t);
      const [complaint = null] = /Initramfs unpacking failed.*/.exec(console) ?? [];
      if (says === null) assert.equal(complaint, null);
      else assert.match(complaint ?? "", says);
      const withoutCut = (lines: readonly string[]) =>
        lines.map((line) => (cutFile !== "" && line.startsWith(`${cutFile} `) ? line.slice(0, -32) : line));
      assert.deepEqual(withoutCut(foreseen), withoutCut(listed));
    });
  }
});
