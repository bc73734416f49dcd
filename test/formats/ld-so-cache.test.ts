import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf } from "../../src/core/path.ts";
import { compareSonames, encodeLdSoCache } from "../../src/formats/ld-so-cache.ts";
import { cacheFlags, shareCache } from "../../src/formats/ld-so-cache-flags.ts";
import { stringTable } from "../../src/formats/string-table.ts";

const library = (soname: string, level: string | null = null, flags = 0x303) => ({
  soname: bytesOf(soname),
  path: bytesOf(`/lib/${soname}`),
  flags,
  level: level === null ? null : bytesOf(level),
});

for (const endian of ["little", "big"] as const) {
  test(`the fields stand where a ${endian}-endian loader reads them`, () => {
    const bytes = Buffer.from(
      encodeLdSoCache(
        [library("liba.so.1"), library("liba.so.1", "z14"), library("liba.so.1", "z13")],
        endian,
      ),
    );
    const u32 = (at: number) => (endian === "little" ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    const u64 = (at: number) => (endian === "little" ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    const textAt = (at: number) => bytes.toString("latin1", at, bytes.indexOf(0, at));
    assert.equal(bytes.toString("latin1", 0, 20), "glibc-ld.so.cache1.1");
    assert.deepEqual([u32(20), bytes[28]], [3, endian === "little" ? 2 : 3]);
    const entries = [0, 1, 2].map((index) => 48 + index * 24);
    assert.deepEqual(
      entries.map((at) => [u32(at), textAt(u32(at + 4)), textAt(u32(at + 8)), u64(at + 16)]),
      [0x4000_0000_0000_0000n, 0x4000_0000_0000_0001n, 0n].map((hwcap) => [
        0x303,
        "liba.so.1",
        "/lib/liba.so.1",
        hwcap,
      ]),
    );
    const extension = u32(32);
    assert.equal(extension % 4, 0);
    assert.deepEqual([u32(extension), u32(extension + 4)], [0xeaa42174, 2]);
    const levels = u32(extension + 24 + 8);
    assert.deepEqual([u32(extension + 24), u32(extension + 24 + 12)], [1, 8]);
    assert.deepEqual([textAt(u32(levels)), textAt(u32(levels + 4))], ["z13", "z14"]);
  });
}

test("numbers in sonames compare as numbers, and stand above letters", () => {
  const sorted = ["liba.so.2", "liba.so.10", "liba.so", "liba1.so", "liba-b.so"].map(bytesOf);
  sorted.sort((a, b) => compareSonames(b, a));
  assert.deepEqual(sorted, ["liba1.so", "liba.so.10", "liba.so.2", "liba.so", "liba-b.so"].map(bytesOf));
});

test("a text that ends another lies within it", () => {
  const table = stringTable(["so", "/lib/a.so", "a.so", "b", "so"].map(bytesOf));
  const text = Buffer.from(table.bytes).toString("latin1");
  assert.equal(text, "/lib/a.so\0b\0");
  for (const one of ["so", "/lib/a.so", "a.so", "b"]) {
    const at = table.offsetOf(bytesOf(one));
    assert.equal(text.slice(at, text.indexOf("\0", at)), one);
  }
  assert.equal(stringTable([]).bytes.length, 0);
});

test("the flags tell machines and their ABIs apart", () => {
  const of = (machine: number, bits: 32 | 64, flags = 0) =>
    cacheFlags({ machine, bits, endian: "little", flags });
  assert.deepEqual([of(62, 64), of(62, 32), of(3, 32)], [0x303, 0x803, 3]);
  const arm = [of(40, 32, 0x0500_0400), of(40, 32, 0x0500_0200), of(40, 32, 0x0500_0000), of(40, 32, 0x400)];
  assert.deepEqual(arm, [0x903, 0xb03, 3, 3]);
  assert.deepEqual(
    [of(183, 64), of(21, 64), of(20, 32), of(22, 64), of(22, 32)],
    [0xa03, 0x503, 3, 0x403, 3],
  );
  assert.deepEqual(
    [of(243, 64, 5), of(243, 64, 1), of(243, 64, 3), of(243, 64, 8)],
    [0x1003, 0xf03, null, null],
  );
  assert.deepEqual([of(258, 64, 0x43), of(258, 64, 1), of(258, 64, 2)], [0x1203, 0x1103, null]);
  const mips = [0, 0x20, 0x400, 0x420].map((flags) => of(8, 32, flags));
  assert.deepEqual([...mips, of(8, 64), of(8, 64, 0x400)], [3, 0x603, 0xc03, 0xd03, 0x703, 0xe03]);
  assert.deepEqual([of(43, 64), of(2, 32), of(0x9026, 64), of(15, 32)], [0x103, 3, 3, 3]);
});

test("one cache serves a 64-bit machine and its 32-bit programs", () => {
  const of = (machine: number, endian: "little" | "big" = "little") =>
    ({ machine, bits: 64, endian, flags: 0 }) as const;
  for (const [a, b] of [
    [62, 3],
    [183, 40],
    [21, 20],
    [43, 18],
  ] as const)
    assert.ok(shareCache(of(a), of(b)));
  assert.ok(!shareCache(of(62), of(183)));
  assert.ok(!shareCache(of(8), of(8, "big")));
});
