import assert from "node:assert/strict";
import { test } from "node:test";
import { showShare } from "../../src/client/shared/format.ts";

test("a share of next to nothing is not nothing", () => {
  assert.deepEqual(
    [showShare(1, 3), showShare(1, 100_000), showShare(0, 5), showShare(0, 0), showShare(7, 7)],
    ["33.3 %", "< 0.1 %", "0 %", "0 %", "100.0 %"],
  );
});
