import assert from "node:assert/strict";
import { test } from "node:test";
import { inHashOrder } from "../../src/formats/kmod-hash.ts";

test("keys stand in buckets, and by their bytes within one", () => {
  assert.deepEqual(inHashOrder(["b", "a", "c"], 1), ["a", "b", "c"]);
  const keys = Array.from({ length: 300 }, (_, index) => `symbol_${index}`);
  assert.deepEqual(inHashOrder(keys.toReversed(), 64), inHashOrder(keys, 64));
});
