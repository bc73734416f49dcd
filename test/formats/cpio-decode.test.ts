import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeCpioHeader } from "../../src/formats/cpio.ts";
import { CpioDecoder, type CpioEntry, type CpioErrorCode } from "../../src/formats/cpio-decode.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { archiveOf, bodyOf, directory, file, seededBytes, special, symlink } from "../support/archive.ts";

const ENTRIES = [
  directory(""),
  file("a", "hello"),
  file("empty", ""),
  symlink("link", "../a b"),
  special("null", "char", 0o666, [1, 3]),
  file("odd\n\xff", seededBytes(3, 999)),
];
const ARCHIVE = archiveOf(ENTRIES);

interface Seen {
  readonly entries: CpioEntry[];
  readonly data: Uint8Array[];
  readonly skipped: string[];
  trailers: number;
  readonly consumed: number;
}

function walk(bytes: Uint8Array, piece: number, start = 0): Seen {
  const seen = { entries: [] as CpioEntry[], data: [] as Uint8Array[], skipped: [] as string[], trailers: 0 };
  const decoder = new CpioDecoder(
    {
      entry: (entry) => seen.entries.push(entry),
      data: (bytes) => seen.data.push(Uint8Array.from(bytes)),
      trailer: () => seen.trailers++,
      skipped: (_, why) => seen.skipped.push(why),
    },
    start,
  );
  let consumed = 0;
  for (let at = 0; at < bytes.length; at += piece) {
    const chunk = bytes.subarray(at, at + piece);
    const taken = decoder.push(chunk);
    consumed += taken;
    if (taken < chunk.length) return { ...seen, consumed };
  }
  decoder.finish();
  return { ...seen, consumed };
}

test("gives back what was written, in pieces of any size", () => {
  for (const piece of [1, 3, 110, 4096]) {
    const seen = walk(ARCHIVE, piece);
    assert.deepEqual(
      seen.entries.map(({ name }) => name),
      [".", "a", "empty", "link", "null", "odd\n\xff"],
    );
    assert.deepEqual(
      seen.entries.map(({ to }) => to),
      [null, null, null, "../a b", null, null],
    );
    assert.equal(seen.entries[4]?.rdevMinor, 3);
    assert.equal(Buffer.concat(seen.data).length, 5 + 999);
    assert.equal(seen.trailers, 1);
    assert.equal(seen.consumed, ARCHIVE.length);
  }
});

test("goes on behind a trailer, as the kernel does", () => {
  const seen = walk(Buffer.concat([ARCHIVE, ARCHIVE]), 1000);
  assert.equal(seen.entries.length, 12);
  assert.equal(seen.trailers, 2);
});

test("stops between entries at what is no archive, and says how much it took", () => {
  const gzip = Buffer.from([0x1f, 0x8b, 8, 0]);
  assert.equal(walk(Buffer.concat([ARCHIVE, gzip]), 100).consumed, ARCHIVE.length);
});

test("takes an archive without its last padding, and none cut shorter", () => {
  const body = bodyOf([file("a", "hello")]);
  assert.equal(walk(body.subarray(0, body.length - 3), 7).entries.length, 1);
  assertFails(() => walk(body.subarray(0, body.length - 4), 7), "truncated", 0);
});

test("skips what the kernel skips, without holding it", () => {
  const long = encodeCpioHeader(header({ mode: 0o100644, nameSize: 5000 }));
  const bytes = Buffer.concat([long, new Uint8Array(5000 + 2), ARCHIVE]);
  const seen = walk(bytes, 64);
  assert.equal(seen.entries.length, ENTRIES.length);
  assert.deepEqual(seen.skipped, ["its name has more than 4095 bytes"]);
  const fat = Buffer.concat([
    encodeCpioHeader(header({ mode: 0o040755, nameSize: 2, size: 4 })),
    Buffer.from("d\0xxxx"),
    ARCHIVE,
  ]);
  assert.equal(walk(fat, 64).skipped.length, 1);
});

test("what nobody looks at need not be read", () => {
  const names: string[] = [];
  const decoder = new CpioDecoder({ entry: ({ name }) => names.push(name) });
  let read = 0;
  for (let at = 0; at < ARCHIVE.length; ) {
    decoder.skip(decoder.unseen);
    at = decoder.offset;
    const piece = ARCHIVE.subarray(at, at + 16);
    read += piece.length;
    at += decoder.push(piece);
  }
  decoder.finish();
  assert.deepEqual(names, [".", "a", "empty", "link", "null", "odd\n\xff"]);
  assert.ok(read < ARCHIVE.length - 900, "999 bytes of data were not read");
  assert.throws(() => decoder.skip(1), RangeError);
});

test("refuses what the kernel refuses, and says where", () => {
  const good = Buffer.from(bodyOf([file("abc", "hello")]));
  const table: [Uint8Array, CpioErrorCode, number][] = [
    [changed(good, 0, "070707"), "old-format", 0],
    [changed(good, 0, "070703"), "no-magic", 0],
    [changed(good, 20, "g"), "bad-digits", 0],
    [changed(good, 54, " "), "bad-digits", 0],
    [changed(good, 113, "x"), "bad-name", 0],
    [changed(good, 0, "070702"), "bad-checksum", 0],
    [Buffer.concat([good, Buffer.from([0]), good]), "broken-padding", good.length + 1],
    [Buffer.concat([good, good.subarray(0, 50)]), "truncated", good.length],
  ];
  for (const [bytes, code, offset] of table) assertFails(() => walk(bytes, 37), code, offset);
});

test("verifies the sums of the crc format", () => {
  const sum = [..."hello"].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  const hex = sum.toString(16).padStart(8, "0");
  const bytes = changed(changed(Buffer.from(bodyOf([file("abc", "hello")])), 0, "070702"), 102, hex);
  assert.equal(walk(bytes, 9).entries[0]?.check, sum);
});

test("throws nothing but FormatError for damaged archives", () => {
  const random = seededBytes(42, 30_000);
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(ARCHIVE);
    for (let flips = 0; flips <= round % 4; flips++) {
      const at = (random[round * 9 + flips]! * 256 + random[round * 9 + flips + 4]!) % bytes.length;
      bytes[at] = random[round * 9 + 8]!;
    }
    onlyFormatErrors(() => walk(bytes.subarray(0, bytes.length - (round % 600)), 1 + (round % 200)));
  }
  for (let at = 0; at < 20_000; at += 97) onlyFormatErrors(() => walk(random.subarray(at, at + 300), 50));
});

function header(
  fields: Partial<Parameters<typeof encodeCpioHeader>[0]>,
): Parameters<typeof encodeCpioHeader>[0] {
  const zero = { ino: 0, mode: 0, uid: 0, gid: 0, nlink: 1, mtime: 0, size: 0, devMajor: 0, devMinor: 0 };
  return { ...zero, rdevMajor: 0, rdevMinor: 0, nameSize: 2, check: 0, ...fields };
}

function changed(bytes: Uint8Array, at: number, text: string): Buffer {
  const copy = Buffer.from(bytes);
  copy.write(text, at, "latin1");
  return copy;
}

function onlyFormatErrors(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
  }
}

function assertFails(action: () => unknown, code: CpioErrorCode, offset: number): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
    assert.deepEqual({ code: error.code, offset: error.offset }, { code, offset });
    return true;
  });
}
