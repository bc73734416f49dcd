/** PE files: what UEFI looks at is read, and what is cut short or damaged is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { decodePe } from "../../src/formats/pe.ts";
import { seededBytes } from "../support/archive.ts";
import { AARCH64, peFile, stubFile } from "../support/pe-writer.ts";

test("reads PE32+ and PE32", () => {
  for (const is32Bit of [false, true]) {
    const pe = decodePe(sourceOf(stubFile({ machine: AARCH64, is32Bit })));
    assert.deepEqual(
      [pe.machine, pe.subsystem, pe.sectionAlignment, pe.fileAlignment, pe.sizeOfHeaders, pe.isSigned],
      [AARCH64, 10, 0x1000, 0x200, 0x400, false],
    );
    assert.deepEqual(
      pe.sections.map(({ name, address, offset, memorySize }) => [name, address, offset, memorySize]),
      [
        [".text", 0x1000, 0x400, 15],
        [".sbat", 0x2000, 0x600, 89],
        [".sdmagic", 0x3000, 0x800, 38],
      ],
    );
    assert.equal(decodePe(sourceOf(peFile({ is32Bit, isSigned: true }))).isSigned, true);
  }
});

test("a section's padding may be missing at the end of the file, its bytes may not", () => {
  const bytes = peFile();
  assert.equal(decodePe(sourceOf(bytes.subarray(0, 0x407))).sections.length, 1);
  for (let size = 0; size < 0x407; size++) {
    assert.throws(() => decodePe(sourceOf(bytes.subarray(0, size))), FormatError, `${size} bytes`);
  }
});

test("what is no PE file is told apart from one that is cut short", () => {
  const code = (bytes: Uint8Array): string => {
    try {
      decodePe(sourceOf(bytes));
      return "";
    } catch (error) {
      return error instanceof FormatError ? error.code : String(error);
    }
  };
  assert.equal(code(Buffer.from("#!/bin/sh\n")), "no-pe");
  assert.equal(code(Buffer.alloc(0)), "no-pe");
  const dos = peFile();
  dos.write("XX", 0x40, "latin1");
  assert.equal(code(dos), "no-pe");
  assert.equal(code(peFile().subarray(0, 0x100)), "truncated");
  const odd = peFile();
  odd.writeUInt16LE(0x107, 0x40 + 24);
  assert.equal(code(odd), "bad-header");
});

test("throws nothing but FormatError for damaged files, and never points outside", () => {
  const random = seededBytes(11, 60_000);
  for (let round = 0; round < 5000; round++) {
    const bytes = stubFile({ is32Bit: round % 2 === 0 });
    for (let flips = 0; flips <= round % 4; flips++) {
      bytes[random[round * 11 + flips]! * 2 + (random[round * 5 + flips]! & 1)] = random[round * 7 + flips]!;
    }
    const cut = bytes.subarray(0, bytes.length - (round % 5 === 0 ? random[round]! * 4 : 0));
    try {
      for (const { offset, memorySize, fileSize } of decodePe(sourceOf(cut)).sections) {
        assert.ok(offset + Math.min(memorySize, fileSize) <= cut.length);
      }
    } catch (error) {
      assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
    }
  }
});
