import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { readElf } from "../../src/formats/elf.ts";
import type { DlopenNote } from "../../src/formats/elf-notes.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { type ElfWish, writeElf } from "../support/elf-writer.ts";

const ZSTD =
  '[{"soname":["libzstd.so.1"],"feature":"zstd","priority":"required","description":"x","new":[]}]';

function notesOf(notes: readonly string[], more: ElfWish = {}): readonly DlopenNote[] {
  return readElf(sourceOf(writeElf({ soname: "libx.so", notes, ...more })))!.dlopen;
}

for (const bits of [32, 64] as const) {
  for (const endian of ["little", "big"] as const) {
    test(`notes are read from ${bits} bits, ${endian}-endian`, () => {
      assert.deepEqual(
        notesOf([ZSTD, '[{"soname":["a","b"]},{"soname":["c"],"priority":"later"}]'], { bits, endian }),
        [
          { sonames: ["libzstd.so.1"], feature: "zstd", priority: "required" },
          { sonames: ["a", "b"], feature: "", priority: "recommended" },
          { sonames: ["c"], feature: "", priority: "recommended" },
        ],
      );
    });
  }
}

test("a name is the bytes of its UTF-8", () => {
  assert.deepEqual(notesOf(['[{"soname":["libü.so"]}]'])[0]!.sonames, ["lib\xc3\xbc.so"]);
});

describe("a damaged note", () => {
  const BAD = [
    "",
    "{}",
    "[1]",
    "[null]",
    '[{"soname":"x"}]',
    '[{"soname":[]}]',
    '[{"soname":[""]}]',
    '[{"soname":["a\\u0000"]}]',
    "[[",
    "[".repeat(100_000),
  ];
  for (const text of BAD) {
    test(`is told: ${text.slice(0, 30)}`, () => {
      assert.throws(
        () => notesOf([text]),
        (error) => error instanceof FormatError && error.code === "bad-note",
      );
    });
  }
});

test("whatever the bytes of a note's segment, a FormatError is all that comes out", () => {
  const file = writeElf({ soname: "libx.so", notes: [ZSTD, ZSTD] });
  const at = file.indexOf("FDO") - 12;
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let round = 0; round < 3000; round++) {
    const bytes = Buffer.from(file);
    for (let change = 0; change <= random(4); change++) bytes[at + random(file.length - at)] = random(256);
    try {
      readElf(sourceOf(bytes));
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
    }
  }
});
