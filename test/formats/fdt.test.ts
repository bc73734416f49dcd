/** Flattened device trees: what is written comes back, and damage is told with its place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { encodeFdt, type FdtNode, fdtAddress, fdtText, fdtU32, sizeOf } from "../../src/formats/fdt.ts";
import { type DecodedNode, decodeFdt } from "../../src/formats/fdt-decode.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { seededBytes } from "../support/archive.ts";

/** `dtc -O dtb` of: / { compatible = "a,b", "c"; memory@8 { reg = <8 16>; empty; }; chosen { }; }; */
const GOLDEN =
  "d00dfeed000000b500000038000000a000000028000000110000001000000000000000150000006800000000000000000000000000000000" +
  "0000000100000000000000030000000600000000612c620063000000000000016d656d6f727940380000000000000003000000080000000b" +
  "000000080000001000000003000000000000000f000000020000000163686f73656e0000000000020000000200000009636f6d7061746962" +
  "6c650072656700656d70747900";

const TREE: FdtNode = {
  name: "",
  properties: [{ name: "compatible", value: Buffer.from("a,b\0c\0") }],
  children: [
    {
      name: "memory@8",
      properties: [
        { name: "reg", value: Buffer.concat([fdtU32(8), fdtU32(16)]) },
        { name: "empty", value: new Uint8Array(0) },
      ],
      children: [],
    },
    { name: "chosen", properties: [], children: [] },
  ],
};

function encoded(tree: FdtNode, names: readonly string[] = []): Buffer {
  const [bytes, ...others] = encodeFdt(tree, names);
  assert.ok(bytes instanceof Uint8Array && others.length === 0);
  return Buffer.from(bytes);
}

/** The same tree, its values read from where they lie. */
function treeOf(node: DecodedNode, bytes: Uint8Array): FdtNode {
  const properties = [...node.properties].map(([name, { offset, size }]) => ({
    name,
    value: Buffer.from(bytes.subarray(offset, offset + size)),
  }));
  return { name: node.name, properties, children: node.children.map((child) => treeOf(child, bytes)) };
}

test("writes what dtc writes", () => {
  assert.equal(encoded(TREE).toString("hex"), GOLDEN);
});

test("reads what it wrote, behind NOPs and with bytes behind it as well", () => {
  const bytes = encoded(TREE);
  const { root, totalSize } = decodeFdt(sourceOf(Buffer.concat([bytes, seededBytes(1, 50)])));
  assert.equal(totalSize, bytes.length);
  assert.deepEqual(encoded(treeOf(root, bytes)), bytes);
  const withNops = Buffer.from(bytes);
  for (const at of [0x78, 0x7c, 0x80]) withNops.writeUInt32BE(4, at); // in place of "empty"
  const memory = decodeFdt(sourceOf(withNops)).root.children[0]!;
  assert.deepEqual([...memory.properties.keys()], ["reg"]);
});

test("a name that ends another, and one that was asked for first, stand once", () => {
  const value = new Uint8Array(0);
  const root = { name: "", properties: ["b-data", "data"].map((name) => ({ name, value })), children: [] };
  assert.match(encoded(root, ["x"]).toString("latin1"), /x\0b-data\0$/);
});

test("a hole takes the place of bytes that come later", () => {
  const withHole = { ...TREE, properties: [{ name: "compatible", value: { hole: 6 } }] };
  const pieces = encodeFdt(withHole);
  assert.deepEqual(
    pieces.map((piece) => (piece instanceof Uint8Array ? 0 : sizeOf(piece))),
    [0, 6, 0],
  );
  const filled = pieces.map((piece) =>
    piece instanceof Uint8Array ? piece : (TREE.properties[0]!.value as Uint8Array),
  );
  assert.deepEqual(Buffer.concat(filled), encoded(TREE));
});

test("an address takes one cell, or two", () => {
  assert.deepEqual(Buffer.from(fdtAddress(0x8000_0000)).toString("hex"), "80000000");
  assert.deepEqual(Buffer.from(fdtAddress(0x8_8000_0000)).toString("hex"), "0000000880000000");
});

test("refuses what a device tree cannot hold", () => {
  assert.throws(() => fdtU32(2 ** 32), hasCode("too-large"));
  assert.throws(() => fdtText("a\0b"), hasCode("bad-text"));
  const named = (name: string) => ({ ...TREE, properties: [{ name, value: new Uint8Array(0) }] });
  for (const name of ["", "a b", "\0"]) assert.throws(() => encodeFdt(named(name)), hasCode("bad-name"));
  const large = { ...TREE, properties: [{ name: "data", value: { hole: 0xffff_fff0 } }] };
  assert.throws(() => encodeFdt(large), hasCode("too-large"));
});

// biome-ignore format: a table
const BAD: readonly (readonly [what: string, at: number, word: number, code: string])[] = [
  ["another magic", 0, 0xd00dfeee, "bad-magic"],
  ["more bytes than there are", 4, 0xb6, "truncated"],
  ["a structure outside", 8, 0xffff_fffc, "bad-bounds"],
  ["a structure at an odd place", 8, 0x3a, "bad-bounds"],
  ["strings outside", 12, 0xb5, "bad-bounds"],
  ["too new a version", 24, 18, "bad-version"],
  ["too old a version", 20, 15, "bad-version"],
  ["strings without end", 32, 0x7fff_ffff, "too-large"],
  ["a structure too long", 36, 0xffff_ffff, "bad-bounds"],
  ["a structure too short", 36, 0x4c, "bad-bounds"],
  ["a property longer than all", 0x44, 0xffff_ffff, "bad-bounds"],
  ["a property's name outside", 0x48, 0x15, "bad-name"],
  ["an unknown token", 0x54, 5, "bad-token"],
  ["no root", 0x38, 2, "bad-token"],
];

for (const [what, at, word, code] of BAD) {
  test(`refuses ${what}`, () => {
    const bytes = encoded(TREE);
    bytes.writeUInt32BE(word, at);
    assert.throws(() => decodeFdt(sourceOf(bytes)), hasCode(code));
  });
}

test("a tree deeper than any is refused before the stack ends", () => {
  let tree: FdtNode = { name: "x", properties: [], children: [] };
  for (let depth = 0; depth < 2000; depth++) tree = { name: "x", properties: [], children: [tree] };
  assert.throws(() => decodeFdt(sourceOf(encoded(tree))), hasCode("too-deep"));
});

test("a tree that is all NOPs, or all nodes, is refused soon", () => {
  for (const filling of ["00000004", "000000017800000000000002"]) {
    const fill = Buffer.from(filling.repeat(400_000), "hex");
    const structure = Buffer.concat([Buffer.from("0000000100000000", "hex"), fill]);
    const bytes = Buffer.concat([encoded(TREE).subarray(0, 56), structure]);
    bytes.writeUInt32BE(bytes.length, 4);
    for (const [at, word] of [
      [12, 56],
      [32, 0],
      [36, structure.length],
    ] as const) {
      bytes.writeUInt32BE(word, at);
    }
    assert.throws(() => decodeFdt(sourceOf(bytes)), hasCode("too-many"));
  }
});

test("notices every truncation", () => {
  const bytes = encoded(TREE);
  for (let length = 0; length < bytes.length; length++) {
    assert.throws(() => decodeFdt(sourceOf(bytes.subarray(0, length))), FormatError, String(length));
  }
});

test("throws nothing but FormatError for damaged trees", () => {
  const random = seededBytes(5, 60_000);
  for (let round = 0; round < 5000; round++) {
    const bytes = encoded(TREE);
    for (let flips = 0; flips <= round % 4; flips++) {
      bytes[random[round * 11 + flips]! % bytes.length] = random[round * 7 + flips]!;
    }
    onlyFormatErrors(() => decodeFdt(sourceOf(bytes)));
  }
});

function onlyFormatErrors(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
  }
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof FormatError && error.code === code;
}
