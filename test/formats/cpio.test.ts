import assert from "node:assert/strict";
import { test } from "node:test";
import type { ByteString } from "../../src/core/path.ts";
import {
  cpioLinkTarget,
  cpioSizeOf,
  encodeCpioEntry,
  encodeCpioTrailer,
  paddingAfter,
} from "../../src/formats/cpio.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { directory, file, special, symlink } from "../support/archive.ts";

/**
 * Made by GNU cpio 2.13 (nlink of the directory is 2 there by itself):
 *   install -d -m 755 d && cd d && printf hello > a && chmod 4711 a && ln -s ./a b && touch -d @1700000000 a . && touch -hd @1700000000 b
 *   find . -print0 | LC_ALL=C sort -z | cpio -o -H newc -R +0:+0 --reproducible --null
 */
const golden =
  "07070100000000000041ED0000000000000000000000026553F100000000000000000000000000000000000000000000000002" +
  "00000000.\0" +
  "07070100000001000089C90000000000000000000000016553F100000000050000000000000000000000000000000000000002" +
  "00000000a\0hello\0\0\0" +
  "070701000000020000A1FF0000000000000000000000016553F100000000010000000000000000000000000000000000000002" +
  "00000000b\0a\0\0\0" +
  "07070100000000000000000000000000000000000000010000000000000000000000000000000000000000000000000000000B" +
  "00000000TRAILER!!!\0\0\0\0";

test("writes the very bytes of GNU cpio", () => {
  const epoch = 1_700_000_000;
  const a = file("a", "hello", 0o4711);
  const bytes = Buffer.concat([
    encodeCpioEntry(directory("").entry, 0, epoch),
    encodeCpioEntry(a.entry, 1, epoch),
    a.data,
    paddingAfter(5),
    encodeCpioEntry(symlink("b", "./a").entry, 2, epoch),
    encodeCpioTrailer(0),
  ]);
  assert.equal(bytes.toString("latin1"), golden);
});

test("an entry has the size that was promised, and ends at a multiple of four", () => {
  const entries = [
    directory("etc"),
    file("x".repeat(17), ""),
    symlink("s", "../y"),
    special("n", "char", 0o600, [5, 1]),
  ];
  for (let length = 0; length < 9; length++) {
    entries.push(file("n".repeat(length + 1), "z".repeat(length)), symlink("l", "t".repeat(length + 1)));
  }
  for (const { entry, data } of entries) {
    const size = encodeCpioEntry(entry, 7, 1).length + data.length + paddingAfter(data.length).length;
    assert.equal(size, cpioSizeOf(entry));
    assert.equal(size % 4, 0);
  }
});

test("a target loses its leading ./ as in GNU cpio, but never all of itself", () => {
  const table = [
    ["./rel", "rel"],
    [".//x/../y", "x/../y"],
    ["././a", "a"],
    ["./", "./"],
    [".", "."],
    ["..", ".."],
    [".hidden", ".hidden"],
    ["/abs/./x", "/abs/./x"],
    ["../up", "../up"],
    ["././", "./"],
  ] as const;
  for (const [to, wanted] of table) assert.equal(cpioLinkTarget(to as ByteString), wanted);
});

test("bytes of a name stay as they are", () => {
  const bytes = encodeCpioEntry(file("\xff\xfe\n", "").entry, 0, 0);
  assert.deepEqual(Buffer.from(bytes.subarray(110)), Buffer.from([0xff, 0xfe, 0x0a, 0, 0, 0]));
});

test("refuses what eight digits cannot say, and says where", () => {
  const huge = { ...file("a", "").entry, size: 2 ** 32 };
  const table = [
    [() => encodeCpioEntry(huge as never, 0, 0), 54],
    [() => encodeCpioEntry(file("a", "").entry, -1, 0), 6],
    [() => encodeCpioEntry(file("a", "").entry, 0, 2 ** 32), 46],
    [() => encodeCpioEntry({ ...file("a", "").entry, uid: 0.5 }, 0, 0), 22],
  ] as const;
  for (const [action, offset] of table) {
    assert.throws(action, (error) => error instanceof FormatError && error.offset === offset);
  }
});

test("trailers of all variants are as long as GNU cpio's and differ", () => {
  const seen = new Set(Array.from({ length: 200 }, (_, variant) => encodeCpioTrailer(variant).toString()));
  assert.equal(encodeCpioTrailer(5).length, 124);
  assert.ok(seen.size > 150);
});
