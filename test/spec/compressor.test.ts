import assert from "node:assert/strict";
import { test } from "node:test";
import { splitCommand } from "../../src/spec/command-line.ts";
import { COMPRESSORS, type EngineSpec } from "../../src/spec/compressors.ts";
import { specOf } from "../support/recipes.ts";

const imageOf = (rest: string) => specOf(`contents: [{object: /a}]\n${rest}\n`).image;

test("every name of the table gets its format, arguments, extension and U-Boot name", () => {
  for (const [name, row] of Object.entries(COMPRESSORS)) {
    const uboot = row.uboot === null ? "\nuInitrdCompression: none" : "";
    const image = imageOf(`compressor: ${name}\nmakeUInitrd: true${uboot}`);
    assert.equal(image.compressor.name, name);
    assert.equal(image.compressor.format, row.format);
    assert.equal(image.extension, row.extension);
    assert.equal(image.uInitrd?.compression, row.uboot ?? "none");
  }
});

const zstd = (level: number): EngineSpec => ({ by: "builtin", codec: "zstd", level });
const gzip = (level: number): EngineSpec => ({ by: "builtin", codec: "gzip", level });
const program = (name: string, ...args: string[]): EngineSpec => ({ by: "program", program: name, args });

test("who compresses, and how", () => {
  // biome-ignore format: a table
  const rows: readonly (readonly [compressor: string, engine: EngineSpec])[] = [
    ["none", { by: "nobody" }],
    ["cat", { by: "nobody" }],
    ["/bin/cat", { by: "nobody" }],
    ["zstd", zstd(10)],
    ["pzstd", zstd(10)],
    ["zstd -19", zstd(19)],
    ["zstd -19 -T0 -q", zstd(19)],
    ["zstd --ultra -22", zstd(22)],
    ["{name: zstd, level: 3}", zstd(3)],
    ["{name: zstd, level: 22}", zstd(22)],
    ["{name: zstd, engine: builtin}", zstd(10)],
    ["{name: zstd, level: 22, engine: tool}", program("zstd", "-10", "--ultra", "-22")],
    ["zstd\ncompressorArgs: ['-5']", zstd(5)],
    ["zstd -19\ncompressorArgs: [--ultra]", zstd(19)],
    ["zstd\ncompressorArgs: []", zstd(3)],
    ["zstd -19 --long=27", program("zstd", "-10", "-19", "--long=27")],
    ["zstd --fast=3", program("zstd", "-10", "--fast=3")],
    ["/opt/bin/zstd -19", program("/opt/bin/zstd", "-10", "-19")],
    ["./zstd", program("/work/recipes/zstd", "-10")],
    [`"'/opt/my tools/zstd' -3"`, program("/opt/my tools/zstd", "-10", "-3")],
    ["gzip", gzip(9)],
    ["pigz", gzip(9)],
    ["gzip -6", gzip(6)],
    ["gzip --fast", gzip(1)],
    ["gzip\ncompressorArgs: []", gzip(6)],
    ["{name: gzip, level: 1}", gzip(1)],
    ["pigz -11", program("pigz", "-9n", "-11")],
    ["gzip --rsyncable\ncompressorArgs: ['-9']", program("gzip", "--rsyncable", "-9", "-n")],
    ["/bin/gzip\ncompressorArgs: ['-9']", program("/bin/gzip", "-9", "-n")],
    ["xz", program("xz", "--check=crc32", "--lzma2=dict=512KiB", "-T1")],
    ["xz -9 -T2", program("xz", "--check=crc32", "--lzma2=dict=512KiB", "-9", "-T2")],
    ["xz\ncompressorArgs: [--check=none, -e]", program("xz", "--check=none", "-e", "-T1")],
    ["xz\ncompressorArgs: [-C, crc32, -T, '4']", program("xz", "-C", "crc32", "-T", "4")],
    ["{name: xz, level: 9}", program("xz", "--check=crc32", "--lzma2=dict=512KiB", "-9", "-T1")],
    ["lzma", program("lzma", "--check=crc32", "--lzma1=dict=512KiB", "-T1")],
    ["lz4 -9", program("lz4", "-l", "-9")],
    ["lz4\ncompressorArgs: [-9l]", program("lz4", "-9l")],
    ["bzip2", program("bzip2")],
    ["lbzip2 -9\nextension: .bz2", program("lbzip2", "-9")],
    ["/opt/squish\nextension: .sq", program("/opt/squish")],
  ];
  for (const [compressor, engine] of rows) {
    assert.deepEqual(imageOf(`compressor: ${compressor}`).compressor.engine, engine, compressor);
  }
});

test("a command line is split at blanks, with quotes", () => {
  const rows: readonly (readonly [text: string, words: string[] | null])[] = [
    ["", []],
    ["  a  b ", ["a", "b"]],
    ["a 'b c'd", ["a", "b cd"]],
    ['a "b \\" \\\\ \\n"', ["a", 'b " \\ \\n']],
    ["a ''", ["a", ""]],
    ["a\\ b", ["a b"]],
    ["a 'b", null],
    ['a "b', null],
    ["a \\", null],
  ];
  for (const [text, words] of rows) assert.deepEqual(splitCommand(text), words, text);
});
