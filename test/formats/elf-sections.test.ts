import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { readElfParts } from "../../src/formats/elf-sections.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { seededBytes } from "../support/archive.ts";
import { writeElf } from "../support/elf-writer.ts";
import { randomSource } from "../support/random.ts";

/** A file of these sections and nothing else: name, type, flags, size. */
function elfOf(type: number, sections: readonly (readonly [string, number, number, number])[]): Buffer {
  const names = Buffer.from(`\0${[...sections.map(([name]) => name), ".shstrtab"].join("\0")}\0`);
  const header = Buffer.from(writeElf({ isDynamic: false }).subarray(0, 64));
  header.writeUInt16LE(type, 16);
  const all = [["", 0, 0, 0], ...sections, [".shstrtab", 3, 0, names.length]] as const;
  let at = 64;
  const bodies: Buffer[] = [];
  const rows = all.map(([name, kind, flags, size]) => {
    const row = Buffer.alloc(64);
    row.writeUInt32LE(name === "" ? 0 : names.indexOf(`\0${name}\0`) + 1, 0);
    row.writeUInt32LE(kind, 4);
    row.writeBigUInt64LE(BigInt(flags), 8);
    row.writeBigUInt64LE(BigInt(at), 24);
    row.writeBigUInt64LE(BigInt(size), 32);
    if (kind !== 8) bodies.push(name === ".shstrtab" ? names : Buffer.alloc(size));
    if (kind !== 8) at += size;
    return row;
  });
  header.writeBigUInt64LE(BigInt(at), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(all.length, 60);
  header.writeUInt16LE(all.length - 1, 62);
  return Buffer.concat([header, ...bodies, ...rows]);
}

const SECTIONS = [
  [".text", 1, 6, 1000],
  [".bss", 8, 3, 5000],
  [".symtab", 2, 0, 10],
  [".strtab", 3, 0, 20],
  [".dynsym", 11, 2, 40],
  [".debug_info", 1, 0, 100],
  [".zdebug_line", 1, 0, 200],
  [".rela.debug_info", 4, 0, 400],
  [".comment", 1, 0, 30],
] as const;

test("symbols and debug sections can go, of a module debug sections alone", () => {
  assert.equal(readElfParts(sourceOf(elfOf(3, SECTIONS)))!.strippable, 730);
  assert.equal(readElfParts(sourceOf(elfOf(1, SECTIONS)))!.strippable, 700);
});

test("what is no ELF file, and what has no sections, says nothing", () => {
  assert.equal(readElfParts(sourceOf(Buffer.from("#!/bin/sh\n"))), null);
  assert.equal(readElfParts(sourceOf(Buffer.from("\x7fELF"))), null);
  assert.equal(readElfParts(sourceOf(writeElf()))!.strippable, 0);
});

test("sections that overlap are no more than the file", () => {
  const bytes = elfOf(3, [
    [".symtab", 2, 0, 100],
    ...Array.from({ length: 9 }, () => [".debug_a", 1, 0, 100] as const),
  ]);
  const table = Number(bytes.readBigUInt64LE(40));
  for (let row = 1; row <= 10; row++) {
    bytes.writeBigUInt64LE(0n, table + row * 64 + 24);
    bytes.writeBigUInt64LE(BigInt(bytes.length), table + row * 64 + 32);
  }
  assert.equal(readElfParts(sourceOf(bytes))!.strippable, bytes.length);
});

test("damaged files give a FormatError or an answer, and nothing else", () => {
  const whole = elfOf(3, SECTIONS);
  const random = randomSource(1);
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(whole);
    const places = round % 2 === 0 ? 64 : bytes.length;
    for (let change = 0; change < 4; change++) bytes[random(places)] = random(256);
    const cut = bytes.subarray(0, round % 3 === 0 ? random(bytes.length) : bytes.length);
    try {
      const parts = readElfParts(sourceOf(cut));
      assert.ok(parts === null || (parts.strippable >= 0 && parts.strippable <= cut.length));
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
    }
  }
  for (let seed = 0; seed < 50; seed++) {
    const noise = Buffer.concat([whole.subarray(0, 64), seededBytes(seed, 500)]);
    try {
      readElfParts(sourceOf(noise));
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
    }
  }
});
