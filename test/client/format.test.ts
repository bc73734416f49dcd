import assert from "node:assert/strict";
import { test } from "node:test";
import { showCount, showShare, showSize } from "../../src/client/shared/format.ts";
import * as commandLine from "../../src/core/sizes.ts";
import { randomSource } from "../support/random.ts";

test("pages say sizes and counts as the command line does", () => {
  const random = randomSource(3);
  const edges = [0, 1, 1023, 1024, 1048524, 1048525, 1048576, 1024 ** 4, 1024 ** 5];
  const others = Array.from({ length: 500 }, () => random(2 ** 31) * 2 ** random(20));
  for (const size of [...edges, ...others]) {
    assert.equal(showSize(size), commandLine.showSize(size));
    assert.equal(showCount(size, "entry", "entries"), commandLine.showCount(size, "entry", "entries"));
  }
});

test("a share of next to nothing is not nothing", () => {
  assert.deepEqual(
    [showShare(1, 3), showShare(1, 100_000), showShare(0, 5), showShare(0, 0), showShare(7, 7)],
    ["33.3 %", "< 0.1 %", "0 %", "0 %", "100.0 %"],
  );
});
