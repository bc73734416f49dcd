import assert from "node:assert/strict";
import { test } from "node:test";
import { progressLine } from "../../src/cli/progress.ts";

function screen(columns = 80) {
  const written: string[] = [];
  const clock = { now: 0 };
  const line = progressLine({
    write: (text) => written.push(text),
    now: () => clock.now,
    columns: () => columns,
  });
  return { line, written, clock };
}

test("what takes less than a second shows nothing", () => {
  const { line, written, clock } = screen();
  clock.now = 999;
  line.tell({ step: "image", bytes: 1 });
  line.erase();
  assert.deepEqual(written, []);
});

test("after a second the line is drawn, at most ten times a second, and erased at the end", () => {
  const { line, written, clock } = screen();
  for (let now = 0; now <= 2000; now += 10) {
    clock.now = now;
    line.tell({ step: "files", files: now, bytes: now * 1024 });
  }
  line.erase();
  assert.equal(written.length, 12);
  assert.equal(written[0], "\r\x1b[Kreading       1,000 files, 1000.0 KiB  1.0 s");
  assert.equal(written.at(-1), "\r\x1b[K");
});

test("the line never reaches the last column", () => {
  const { line, written, clock } = screen(20);
  clock.now = 5000;
  line.tell({ step: "layers", done: 3, total: 40, bytes: 2 ** 30 });
  assert.equal(written[0]!.replace("\r\x1b[K", "").length, 19);
});
