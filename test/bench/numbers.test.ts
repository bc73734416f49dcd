import assert from "node:assert/strict";
import { test } from "node:test";
import { median, showNumber } from "./numbers.ts";

test("the median is the middle one, or the mean of the two in the middle", () => {
  assert.equal(median([7]), 7);
  assert.equal(median([30, 10, 20]), 20);
  assert.equal(median([4, 1, 100, 2]), 3);
  assert.throws(() => median([]), RangeError);
});

test("the median leaves its values as they were", () => {
  const values = [3, 1, 2];
  median(values);
  assert.deepEqual(values, [3, 1, 2]);
});

test("numbers are shown with the digits that say something", () => {
  const shown = [0, 0.0712345, 0.5, 1.2345, 9.996, 45.67, 789.4, 12345.6].map(showNumber);
  assert.deepEqual(shown, ["0", "0.0712", "0.500", "1.23", "10.00", "45.7", "789", "12346"]);
});
