/** An image in a board's memory, and its wrapper before U-Boot. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Board, proveBoard, proveWrapper } from "../../../src/check/proofs/board.ts";
import { ARCHES } from "../../../src/core/arch.ts";
import type { Wrapper } from "../../../src/inspect/wrapper.ts";

const MIB = 2 ** 20;
const BOARD: Board = {
  kernel: { address: 0x40400000, size: 32 * MIB },
  fdt: { address: 0x48000000, size: 64 * 1024 },
  ramdisk: { address: 0x44000000, size: null },
};
const codes = (board: Partial<Board>, size: number): string[] =>
  proveBoard({ ...BOARD, ...board }, size).map(({ code }) => code);

test("an image that fits is not told of, to the last byte", () => {
  assert.deepEqual(codes({}, 64 * MIB), []);
  assert.deepEqual(codes({}, 64 * MIB + 1), ["check/areas-overlap"]);
  assert.deepEqual(codes({ ramdisk: { address: 0x44000000, size: 64 * MIB } }, 64 * MIB), []);
});

test("finds what overlaps, whoever comes first, and an image over its limit", () => {
  assert.deepEqual(codes({ ramdisk: { address: 0x42300000, size: null } }, MIB), ["check/areas-overlap"]);
  assert.deepEqual(codes({ kernel: { address: 0x47ffffff, size: 2 } }, MIB), ["check/areas-overlap"]);
  assert.deepEqual(codes({ ramdisk: { address: 0x44000000, size: MIB } }, MIB + 1), [
    "check/larger-than-its-area",
  ]);
});

test("what has no known end is unproven, and told where even its beginning is too far", () => {
  assert.deepEqual(codes({ fdt: { address: 0x48000000, size: null } }, MIB), ["check/area-unknown"]);
  assert.deepEqual(codes({ kernel: { address: 0x44080000, size: null } }, MIB), [
    "check/areas-overlap",
    "check/area-unknown",
  ]);
});

test("a wrapper must say the machine that its programs are for", () => {
  const says = (arch: string, programs: string) => {
    const machine = { ...ARCHES.find(({ name }) => name === programs)!, flags: 0 };
    return proveWrapper({ kind: "uInitrd", arch } as Wrapper, machine).length;
  };
  assert.deepEqual(
    [says("arm64", "aarch64"), says("arm", "aarch64"), says("arm", "armhf"), says("x86", "x86_64")],
    [0, 0, 0, 0],
  );
  assert.deepEqual([says("x86_64", "x86_64"), says("arm64", "x86_64"), says("powerpc", "armhf")], [1, 1, 1]);
  assert.deepEqual(proveWrapper(null, null), []);
  const machine = { ...ARCHES.find(({ name }) => name === "aarch64")!, flags: 0 };
  assert.deepEqual(proveWrapper({ kind: "uki", arch: "x86", sections: [] }, machine), []);
});
