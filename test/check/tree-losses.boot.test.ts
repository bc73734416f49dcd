/** What `check` says becomes of entries is what a kernel has of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bootAndForesee, listingNeeds } from "../support/kernel-listing.ts";
import { LOSSY_IMAGE } from "../support/lossy-image.ts";

test("a kernel has of entries that meet what check foresees", listingNeeds(), async (t) => {
  const { console, listed, foreseen } = await bootAndForesee(LOSSY_IMAGE, t);
  assert.doesNotMatch(console, /unpacking failed/);
  assert.deepEqual(foreseen, listed);
});
