/** The version of a kernel, from its own bytes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { linuxVersionOf } from "../../src/formats/linux-version.ts";

test("x86 says it in the header of its boot protocol", () => {
  const kernel = Buffer.alloc(0x800);
  kernel.write("HdrS", 0x202, "latin1");
  kernel.writeUInt16LE(0x300, 0x20e);
  kernel.write("6.1.0-50-amd64 (debian-kernel@lists.debian.org) #1 SMP", 0x500, "latin1");
  assert.equal(linuxVersionOf(sourceOf(kernel)), "6.1.0-50-amd64");
  for (let size = 0; size < 0x500 + 16; size++)
    assert.equal(linuxVersionOf(sourceOf(kernel.subarray(0, size))), null);
});

test("others say it in what they print first, wherever that stands", () => {
  for (const at of [0, 2 ** 20 - 20, 2 ** 20 - 1, 2 ** 20, 3_000_000]) {
    const kernel = Buffer.alloc(3_100_000);
    kernel.write("Linux version 6.1.0-50-arm64 (debian-kernel@lists.debian.org) (gcc", at, "latin1");
    assert.equal(linuxVersionOf(sourceOf(kernel)), "6.1.0-50-arm64", String(at));
  }
  const other = Buffer.from("Linux version %s (%s) Linux version 6.12.1 (a@b) ");
  assert.equal(linuxVersionOf(sourceOf(other)), "6.12.1");
  assert.equal(linuxVersionOf(sourceOf(Buffer.from("packed"))), null);
});
