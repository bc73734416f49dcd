/** FIT images: what was written is found again, wherever the data lies, and damage is told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { encodeFdt, fdtText, fdtU32 } from "../../src/formats/fdt.ts";
import { encodeFit, FIT_LIMIT, type Fit } from "../../src/formats/fit.ts";
import { decodeFit } from "../../src/formats/fit-decode.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { seededBytes } from "../support/archive.ts";

const RAMDISK = seededBytes(3, 1001);
const KERNEL = seededBytes(4, 333);
const SUM = seededBytes(5, 32);

const FIT: Fit = {
  description: "brd",
  time: 1,
  arch: "arm64",
  kernel: { description: "k", size: 333, hashes: [], compression: "none", load: 0, entry: 0 },
  fdts: [],
  ramdisk: { description: "r", size: 1001, hashes: [{ algorithm: "sha256", value: SUM }] },
  data: "external",
};

function written(fit: Fit): Buffer {
  const parts = fit.kernel === null ? [RAMDISK] : [KERNEL, RAMDISK];
  return Buffer.concat(
    encodeFit(fit).map((piece) => (piece instanceof Uint8Array ? piece : parts[piece.part]!)),
  );
}

for (const data of ["external", "embedded"] as const) {
  test(`finds the ramdisk of a FIT with ${data} data`, () => {
    const bytes = written({ ...FIT, data });
    const { description, images, ramdisk } = decodeFit(sourceOf(bytes));
    assert.deepEqual([description, images], ["brd", ["kernel-1", "ramdisk-1"]]);
    assert.deepEqual(bytes.subarray(ramdisk.offset, ramdisk.offset + ramdisk.size), Buffer.from(RAMDISK));
    assert.deepEqual([ramdisk.name, ramdisk.arch], ["ramdisk-1", "arm64"]);
    assert.deepEqual(ramdisk.hashes, [{ algorithm: "sha256", value: SUM }]);
  });
}

test("parts behind the tree begin at multiples of 8, since device trees must", () => {
  let at = 0;
  for (const piece of encodeFit({ ...FIT, fdts: [{ description: "f", size: 13, hashes: [] }] })) {
    if (!(piece instanceof Uint8Array)) assert.equal(at % 8, 0);
    at += piece instanceof Uint8Array ? piece.length : [333, 13, 1001][piece.part]!;
  }
});

test("the length does not depend on what the hashes are", () => {
  const other = { ...FIT.ramdisk, hashes: [{ algorithm: "sha256", value: new Uint8Array(32) }] } as const;
  assert.equal(written({ ...FIT, ramdisk: other }).length, written(FIT).length);
});

test("data-position counts from the beginning of the file", () => {
  const ramdisk = {
    name: "rd",
    properties: [
      { name: "data-size", value: fdtU32(4) },
      { name: "data-position", value: fdtU32(400) },
      { name: "type", value: fdtText("ramdisk") },
    ],
    children: [],
  };
  const images = { name: "images", properties: [], children: [ramdisk] };
  const [tree] = encodeFdt({ name: "", properties: [], children: [images] }) as Uint8Array[];
  const bytes = Buffer.concat([tree!, Buffer.alloc(404 - tree!.length)]);
  assert.equal(decodeFit(sourceOf(bytes)).ramdisk.offset, 400);
  assert.throws(() => decodeFit(sourceOf(bytes.subarray(0, 403))), hasCode("bad-data"));
});

test("what U-Boot could not count is refused", () => {
  const ramdisk = { ...FIT.ramdisk, size: FIT_LIMIT };
  assert.throws(() => encodeFit({ ...FIT, ramdisk }), hasCode("too-large"));
});

test("a device tree is no FIT, and a FIT may have no ramdisk", () => {
  const bare = encodeFdt({ name: "", properties: [], children: [] }) as Uint8Array[];
  assert.throws(() => decodeFit(sourceOf(bare[0]!)), hasCode("no-fit"));
  const images = { name: "images", properties: [], children: [] };
  const empty = encodeFdt({ name: "", properties: [], children: [images] }) as Uint8Array[];
  assert.throws(() => decodeFit(sourceOf(empty[0]!)), hasCode("no-ramdisk"));
});

test("throws nothing but FormatError for damaged images, and never points outside", () => {
  const random = seededBytes(6, 60_000);
  for (let round = 0; round < 5000; round++) {
    const bytes = written({ ...FIT, data: round % 2 === 0 ? "external" : "embedded" });
    for (let flips = 0; flips <= round % 4; flips++) {
      bytes[random[round * 11 + flips]! + 3 * random[round * 5 + flips]!] = random[round * 7 + flips]!;
    }
    const cut = bytes.subarray(0, bytes.length - (round % 5 === 0 ? random[round]! * 4 : 0));
    try {
      const { offset, size } = decodeFit(sourceOf(cut)).ramdisk;
      assert.ok(offset + size <= cut.length);
    } catch (error) {
      assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
    }
  }
});

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof FormatError && error.code === code;
}
