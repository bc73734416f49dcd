import assert from "node:assert/strict";
import { test } from "node:test";
import { type Rect, squarify } from "../../src/client/size/squarify.ts";
import { randomSource } from "../support/random.ts";

const ROUNDING = 1e-6;

test("rectangles have the areas of their weights, fill the room, and do not overlap", () => {
  const random = randomSource(7);
  for (let round = 0; round < 60; round++) {
    const room = { x: random(50), y: random(50), width: 1 + random(900), height: 1 + random(900) };
    const weights = Array.from({ length: 1 + random(60) }, () => 1 + random(10 ** (1 + random(7))));
    weights.sort((a, b) => b - a);
    const rects = squarify(weights, room);
    assert.equal(rects.length, weights.length);
    const whole = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [at, rect] of rects.entries()) {
      const share = (rect.width * rect.height) / (room.width * room.height);
      assert.ok(Math.abs(share - weights[at]! / whole) < ROUNDING, `area ${at} of round ${round}`);
      assert.ok(isWithin(rect, room), `${at} of round ${round} leaves the room`);
      for (const other of rects.slice(0, at)) assert.ok(!overlap(rect, other), `round ${round}`);
    }
  }
});

test("rectangles are about as square as the paper's", () => {
  const rects = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
  const worst = Math.max(...rects.map(({ width, height }) => Math.max(width / height, height / width)));
  assert.ok(worst < 3, `${worst}`);
  assert.deepEqual(rects[0], { x: 0, y: 0, width: 3, height: 2 });
});

test("nothing has no rectangle, and one has the whole room", () => {
  const room = { x: 3, y: 4, width: 50, height: 60 };
  assert.deepEqual(squarify([], room), []);
  assert.deepEqual(squarify([9], room), [room]);
});

function isWithin(rect: Rect, room: Rect): boolean {
  return (
    rect.x >= room.x - ROUNDING &&
    rect.y >= room.y - ROUNDING &&
    rect.x + rect.width <= room.x + room.width + ROUNDING &&
    rect.y + rect.height <= room.y + room.height + ROUNDING
  );
}

function overlap(a: Rect, b: Rect): boolean {
  const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return wide > ROUNDING && high > ROUNDING;
}
