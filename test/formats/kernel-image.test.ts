/** Where a kernel lies in the files that boot loaders take. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { findAll } from "../../src/formats/byte-search.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { findKernel } from "../../src/formats/kernel-image.ts";
import { arm64Image, bareKernel, bzImage, zboot, zImage } from "../support/kernel-writer.ts";
import { AARCH64, peFile, stubFile } from "../support/pe-writer.ts";
import { randomSource } from "../support/random.ts";

const PACKED = gzipSync(bareKernel());
const find = (bytes: Uint8Array) => findKernel(sourceOf(bytes));

test("finds what a bzImage has packed, with or without the length that the build appends", () => {
  const machine = { machine: 62, bits: 64, endian: "little" };
  assert.deepEqual(find(bzImage(PACKED)), {
    kind: "packed",
    form: "bzImage",
    machine,
    places: [{ packing: "gzip", offset: 0x1000, size: PACKED.length }],
  });
  const zstd = Buffer.concat([Buffer.from("28b52ffd", "hex"), Buffer.alloc(100)]);
  const found = find(bzImage(zstd));
  assert.ok(found.kind === "packed");
  assert.deepEqual(found.places, [{ packing: "zstd", offset: 0x1000, size: 100 }]);
});

test("an Image is the kernel itself", () => {
  const image = find(arm64Image());
  assert.deepEqual(image, {
    kind: "bare",
    form: "Image",
    machine: { machine: 183, bits: 64, endian: "little" },
    memorySize: 0x180_0000,
  });
});

test("a zImage is looked through for what it may have packed, up to where its header ends it", () => {
  const found = find(zImage(PACKED));
  assert.ok(found.kind === "packed");
  const gzip = found.places.filter(({ packing }) => packing === "gzip");
  assert.deepEqual(
    gzip.map(({ offset }) => offset),
    [0x200, 0x400],
  );
  assert.equal(gzip[1]!.size, PACKED.length);
});

test("EFI zboot and unified kernel images say where", () => {
  const found = find(zboot(PACKED, AARCH64));
  assert.ok(found.kind === "packed");
  assert.deepEqual(found.places, [{ packing: "gzip", offset: 0x400, size: PACKED.length }]);
  const uki = find(peFile({ sections: [{ name: ".linux", bytes: Buffer.alloc(100) }] }));
  assert.deepEqual(uki, {
    kind: "wrapped",
    form: "unified kernel image",
    inside: { offset: 0x400, size: 100 },
  });
});

test("what is no kernel, and what is cut short, is told", () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from("#!/bin/sh\n"), bzImage(PACKED).subarray(0, 0x1010)])
    assert.throws(() => find(bytes), FormatError);
});

test("throws nothing but FormatError for damaged files, and never points outside", () => {
  const random = randomSource(7);
  const kinds = [bzImage(PACKED), arm64Image(), zImage(PACKED), zboot(PACKED, AARCH64), stubFile()];
  for (let round = 0; round < 4000; round++) {
    const bytes = Buffer.from(kinds[round % kinds.length]!);
    for (let flips = 0; flips < 6; flips++) bytes[random(0x260)] = random(256);
    const cut = round % 3 === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
    try {
      const found = find(cut);
      const parts = found.kind === "packed" ? found.places : found.kind === "wrapped" ? [found.inside] : [];
      for (const { offset, size } of parts)
        assert.ok(offset >= 0 && size >= 0 && offset + size <= cut.length + 4);
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
    }
  }
});

test("what is looked for is found across pieces", () => {
  const bytes = Buffer.alloc(2 ** 21 + 10);
  const places = [0, 2 ** 20 - 2, 2 ** 20 + 5, 2 ** 21 + 6];
  for (const at of places) bytes.write("mark", at, "latin1");
  assert.deepEqual([...findAll(sourceOf(bytes), Buffer.from("mark"))], places);
});
