import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import {
  declareZstdContent,
  readZstdHeader,
  scanZstdFrame,
  withoutSkippableFrames,
} from "../../src/formats/zstd-frame.ts";
import { seededBytes } from "../support/archive.ts";

/** What the embedded encoder writes for "hello " a hundred times at level 10: a 4 MiB window, no size, no checksum. */
const frame = Buffer.from("28b52ffd00606d00003068656c6c6f2001004f529522", "hex");
test("reads what a header declares", () => {
  assert.deepEqual(readZstdHeader(sourceOf(frame), 0), {
    size: 6,
    window: 4 * 2 ** 20,
    contentSize: null,
    hasChecksum: false,
    isSingleSegment: false,
    dictionary: 0,
    windowDescriptor: 0x60,
  });
});

test("finds the end of a frame wherever it begins", () => {
  const bytes = Buffer.concat([Buffer.from("junk"), frame, frame]);
  assert.deepEqual(scanZstdFrame(sourceOf(bytes), 4), { end: 4 + frame.length, contentLimit: 128 * 1024 });
  assert.equal(scanZstdFrame(sourceOf(bytes), 4 + frame.length).end, bytes.length);
});

test("declares size and checksum, and no window larger than the content", () => {
  const table = [
    [1, 1, 1],
    [255, 1, 255],
    [256, 2, 256],
    [65791, 2, 65791],
    [65792, 4, 65792],
    [4 * 2 ** 20, 4, 4 * 2 ** 20],
    [4 * 2 ** 20 + 1, 4, 4 * 2 ** 20],
    [2 ** 32, 8, 4 * 2 ** 20],
  ] as const;
  for (const [contentSize, fieldSize, window] of table) {
    const made = declareZstdContent(frame, contentSize, 0x11223344);
    const header = readZstdHeader(sourceOf(made), 0);
    const isSingleSegment = contentSize <= 4 * 2 ** 20;
    assert.equal(header.size, 5 + fieldSize + (isSingleSegment ? 0 : 1));
    assert.deepEqual([header.contentSize, header.window, header.hasChecksum], [contentSize, window, true]);
    assert.equal(header.isSingleSegment, isSingleSegment);
    assert.deepEqual(made.subarray(-4), Buffer.from("44332211", "hex"));
    assert.deepEqual(made.subarray(header.size, -4), frame.subarray(6));
  }
});

test("keeps a checksum that is there", () => {
  const once = declareZstdContent(frame, 600, 1);
  assert.deepEqual(declareZstdContent(once, 600, 2), once);
});

test("drops skippable frames and nothing else", () => {
  const skippable = Buffer.from("502a4d18040000002a000000", "hex");
  const bytes = Buffer.concat([skippable, frame, skippable, frame]);
  assert.deepEqual(Buffer.from(withoutSkippableFrames(bytes)), Buffer.concat([frame, frame]));
  assertFails(() => scanZstdFrame(sourceOf(bytes), 0), "skippable-frame", 0);
});

test("refuses every shorter input, reserved bits and blocks that are none", () => {
  const whole = declareZstdContent(frame, 600, 1);
  for (let length = 0; length < whole.length; length++) {
    assert.throws(() => scanZstdFrame(sourceOf(whole.subarray(0, length)), 0), FormatError);
  }
  assertFails(() => scanZstdFrame(sourceOf(changed(4, 0x08)), 0), "reserved", 4);
  assertFails(() => scanZstdFrame(sourceOf(changed(6, 0x6f)), 0), "bad-block", 6);
  assertFails(() => scanZstdFrame(sourceOf(changed(0, 0x29)), 0), "no-magic", 0);
});

test("throws nothing but FormatError for damaged frames", () => {
  const random = seededBytes(5, 20_000);
  for (let at = 0; at + 40 < random.length; at += 3) {
    const bytes = Buffer.concat([frame.subarray(0, 4 + (at % 12)), random.subarray(at, at + 40)]);
    for (const action of [() => scanZstdFrame(sourceOf(bytes), 0), () => withoutSkippableFrames(bytes)]) {
      try {
        action();
      } catch (error) {
        assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
      }
    }
  }
});

function changed(at: number, byte: number): Uint8Array {
  const copy = Uint8Array.from(frame);
  copy[at] = byte;
  return copy;
}

function assertFails(action: () => unknown, code: string, offset: number): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
    assert.deepEqual({ code: error.code, offset: error.offset }, { code, offset });
    return true;
  });
}
