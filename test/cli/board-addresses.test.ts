/** What `check --uboot` is told: addresses and sizes, and what is neither. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readBoard } from "../../src/cli/work/board-addresses.ts";
import { WrongUsage } from "../../src/machine/wrong-usage.ts";

test("reads addresses, and sizes in any unit", () => {
  assert.deepEqual(
    readBoard("kernel=0x40400000,kernel-size=48MiB,fdt=1207959552,fdt-size=0x10000,ramdisk=0x44000000"),
    {
      kernel: { address: 0x40400000, size: 48 * 2 ** 20 },
      fdt: { address: 0x48000000, size: 0x10000 },
      ramdisk: { address: 0x44000000, size: null },
    },
  );
  assert.deepEqual(readBoard("ramdisk=0"), { kernel: null, fdt: null, ramdisk: { address: 0, size: null } });
});

test("refuses what it does not understand, and says what it takes", () => {
  for (const [text, words] of [
    ["", /takes kernel=/],
    ["initrd=0x1,ramdisk=0x2", /not "initrd=0x1"/],
    ["ramdisk=0x1,ramdisk=0x2", /ramdisk twice/],
    ["ramdisk=high", /must be an address/],
    ["ramdisk=0x1,ramdisk-size=3MB", /must be a number of bytes/],
    ["ramdisk=0x1,kernel-size=3MiB", /and not where/],
    ["kernel=0x1", /must say where the image is loaded/],
    ["ramdisk=0x1,ramdisk-size=0", /must be a number of bytes/],
  ] as const)
    assert.throws(
      () => readBoard(text),
      (error) => error instanceof WrongUsage && words.test(error.message),
      text,
    );
});
