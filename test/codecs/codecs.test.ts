import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { compressGzip } from "../../src/codecs/gzip.ts";
import { inflateMember } from "../../src/codecs/inflate.ts";
import { LIBDEFLATE_PACKAGE } from "../../src/codecs/libdeflate.ts";
import { compressZstd, decompressZstd, xxh64Low, ZSTD_PACKAGE } from "../../src/codecs/zstd.ts";
import { digestOf } from "../../src/core/digest.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { readZstdHeader, scanZstdFrame } from "../../src/formats/zstd-frame.ts";
import { seededBytes } from "../support/archive.ts";

const SIZES = [1, 124, 255, 256, 5000, 65_791, 131_072, 131_073, 3_000_000];

function content(size: number): Uint8Array {
  const text = Buffer.alloc(size, "what is said three times is true. ");
  text.set(seededBytes(size, Math.min(size, 3000)), 0);
  return text;
}

test("zstd gives back what it was given, one frame with its size and a checksum", async () => {
  for (const size of SIZES) {
    for (const level of [1, 10]) {
      const bytes = content(size);
      const frame = await compressZstd(bytes, level);
      const header = readZstdHeader(sourceOf(frame), 0);
      assert.deepEqual([header.contentSize, header.hasChecksum], [size, true]);
      assert.ok(header.window <= Math.max(size, 2 ** 19));
      assert.equal(scanZstdFrame(sourceOf(frame), 0).end, frame.length);
      assert.deepEqual(Buffer.from(await decompressZstd(frame)), Buffer.from(bytes));
    }
  }
});

test("no level declares a window that the kernel refuses", async () => {
  for (const level of [19, 22]) {
    const frame = await compressZstd(content(40_000), level);
    assert.ok(readZstdHeader(sourceOf(frame), 0).window <= 2 ** 27);
  }
});

test("the decoder verifies the checksum that was appended", async () => {
  const frame = Uint8Array.from(await compressZstd(content(5000), 3));
  frame[frame.length - 1] = frame.at(-1)! ^ 1;
  await assert.rejects(decompressZstd(frame), /checksum/i);
});

test("xxh64 has the value of its specification for nothing and for text", async () => {
  assert.equal(await xxh64Low(new Uint8Array(0)), Number(0xef46db3751d8e999n & 0xffffffffn));
  assert.equal(await xxh64Low(Buffer.from("abc")), Number(0x44bc2cf5ad770999n & 0xffffffffn));
});

test("the identities of the embedded codecs are what is installed", () => {
  for (const identity of [ZSTD_PACKAGE, LIBDEFLATE_PACKAGE]) {
    const [name, version] = identity.split(" ");
    const manifest = join(process.cwd(), "node_modules", name!, "package.json");
    assert.equal(JSON.parse(readFileSync(manifest, "utf8")).version, version);
  }
});

test("gzip makes the same bytes whatever Node runs it, small or not", async () => {
  const made = [];
  for (const size of [124, 65_791, 3_000_000]) {
    for (const level of [1, 6, 9]) made.push(await compressGzip(content(size), level));
  }
  assert.equal(
    digestOf(Buffer.concat(made)),
    "sha256-f63fef2123e287abb6795560d93155848b5d682cebf6cf1072c418fc24627bc7",
  );
});

test("gzip takes just its part of a buffer, which stays as it is", async () => {
  const whole = Buffer.from(content(3_000_000));
  const before = digestOf(whole);
  const part = whole.subarray(500_000, 2_500_000);
  const members = await Promise.all([part, part, part].map((bytes) => compressGzip(bytes, 1)));
  for (const member of members) assert.ok(gunzipSync(member).equals(part));
  assert.equal(digestOf(whole), before);
});

test("gzip hears nothing of what goes wrong elsewhere in the process", async () => {
  const events = ["uncaughtException", "unhandledRejection"];
  const listeners = () => events.map((event) => (process as NodeJS.EventEmitter).listeners(event));
  const before = listeners();
  await compressGzip(content(100), 9);
  assert.deepEqual(listeners(), before);
});

test("a level that gzip does not have is refused, and the next job served", async () => {
  for (const size of [100, 300_000]) {
    await assert.rejects(compressGzip(content(size), 99), /level/);
    assert.ok(gunzipSync(await compressGzip(content(size), 1)).equals(content(size)));
  }
});

test("gzip has neither name nor time, and ends where it says", async () => {
  for (const size of SIZES) {
    const bytes = content(size);
    const member = await compressGzip(bytes, 9);
    assert.deepEqual(Buffer.from(member.subarray(0, 10)), Buffer.from("1f8b0800000000000203", "hex"));
    const pieces: Uint8Array[] = [];
    const around = Buffer.concat([Buffer.from("abc"), member, Buffer.from("\0\0behind")]);
    const end = await inflateMember(sourceOf(around), 3, (piece) => pieces.push(Uint8Array.from(piece)));
    assert.equal(end, 3 + member.length);
    assert.deepEqual(Buffer.concat(pieces), Buffer.from(bytes));
  }
});

test("finds the end of a gzip member wherever the pieces are cut", async () => {
  for (const size of [262_134, 262_133, 262_144, 600_000]) {
    const member = gzipSync(seededBytes(1, size), { level: 0 });
    for (const behind of [0, 1, 300_000]) {
      const bytes = Buffer.concat([member, Buffer.alloc(behind, "x")]);
      assert.equal(await inflateMember(sourceOf(bytes), 0, () => {}), member.length);
    }
  }
});

test("throws only FormatError for damaged gzip, also where the checksum alone tells", async () => {
  const member = await compressGzip(content(5000), 6);
  const random = seededBytes(77, 4000);
  for (let round = 0; round < 300; round++) {
    const bytes = Buffer.from(member);
    const at = (random[round]! * 256 + random[round + 300]!) % bytes.length;
    bytes[at] = bytes[at]! ^ (1 << (round % 8));
    const cut = round % 3 === 0 ? bytes.subarray(0, at) : bytes;
    await inflateMember(sourceOf(cut), 0, () => {}).then(
      () => assert.ok(at < 10, `a change at ${at} went unseen`),
      (error) => assert.ok(error instanceof FormatError, `not a FormatError: ${error}`),
    );
  }
});
