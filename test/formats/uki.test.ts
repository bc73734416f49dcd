/** Unified kernel images: sections added to a stub, and stubs that cannot take them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { decodePe } from "../../src/formats/pe.ts";
import { encodeUki, type KernelFacts, type Uki } from "../../src/formats/uki.ts";
import { seededBytes } from "../support/archive.ts";
import { peFile, SECTION_TABLE_AT, STUB_SBAT, stubFile } from "../support/pe-writer.ts";

const KERNEL = seededBytes(1, 5001);
const INITRD = seededBytes(2, 4096);
const CMDLINE = Buffer.from("quiet");
const SECTIONS = [
  { name: ".cmdline", size: CMDLINE.length },
  { name: ".linux", size: KERNEL.length },
  { name: ".initrd", size: INITRD.length },
] as const;
const CONTENTS = [CMDLINE, KERNEL, INITRD];
const MODERN: KernelFacts = { isNxCompatible: true, sbat: [] };
const UKI_LINE = "uki,1,UKI,uki,1,https://uapi-group.org/specifications/specs/unified_kernel_image/";
const HEAD_LINE = "sbat,1,SBAT Version,sbat,1,https://github.com/rhboot/shim/blob/main/SBAT.md";

function written(uki: Partial<Uki> = {}): Buffer {
  const { pieces } = encodeUki({ stub: stubFile(), sections: SECTIONS, kernel: MODERN, ...uki });
  return Buffer.concat(
    pieces.map((piece) => (piece instanceof Uint8Array ? piece : CONTENTS[piece.section]!)),
  );
}

function contentOf(bytes: Buffer, name: string): Buffer {
  const { offset, memorySize } = decodePe(sourceOf(bytes)).sections.find((one) => one.name === name)!;
  return bytes.subarray(offset, offset + memorySize);
}

for (const is32Bit of [false, true]) {
  test(`sections stand behind the stub's, aligned in file and memory: PE32${is32Bit ? "" : "+"}`, () => {
    const bytes = written({ stub: stubFile({ is32Bit }) });
    const pe = decodePe(sourceOf(bytes));
    assert.deepEqual(
      pe.sections
        .slice(3)
        .map(({ name, address, offset, memorySize, fileSize }) => [
          name,
          address,
          offset,
          memorySize,
          fileSize,
        ]),
      [
        [".cmdline", 0x4000, 0xa00, 5, 0x200],
        [".linux", 0x5000, 0xc00, 5001, 0x1400],
        [".initrd", 0x7000, 0x2000, 4096, 0x1000],
      ],
    );
    assert.deepEqual(contentOf(bytes, ".cmdline"), CMDLINE);
    assert.deepEqual(contentOf(bytes, ".linux"), Buffer.from(KERNEL));
    assert.deepEqual(contentOf(bytes, ".initrd"), Buffer.from(INITRD));
    assert.deepEqual(contentOf(bytes, ".text"), Buffer.from("starts a kernel"));
    const optional = pe.headerAt + 24;
    assert.equal(bytes.readUInt32LE(optional + 8), 5 + 5001 + 4096, "SizeOfInitializedData");
    assert.equal(bytes.readUInt32LE(optional + 56), 0x8000, "SizeOfImage");
    assert.equal(bytes.readUInt32LE(optional + 64), 0, "CheckSum");
    assert.equal(bytes.length, 0x3000);
  });
}

test("SBAT lines of stub and kernel come together, and the one of unified kernel images", () => {
  const own = "stub,1,A Stub,stub,1,https://example.org/";
  const text = (bytes: Buffer) => contentOf(bytes, ".sbat").toString("latin1");
  assert.equal(text(written()), [HEAD_LINE, own, UKI_LINE, "\0"].join("\n"));
  const sbat = ["linux,1,Linux,linux,6,https://kernel.org/"];
  const kernel = { ...MODERN, sbat };
  assert.equal(text(written({ kernel })), [HEAD_LINE, own, ...sbat, UKI_LINE, "\0"].join("\n"));
  const bare = written({ stub: peFile(), kernel });
  assert.equal(text(bare), [HEAD_LINE, ...sbat, UKI_LINE, "\0"].join("\n"), "in a section of its own");
  assert.equal(decodePe(sourceOf(bare)).sections.at(-1)!.name, ".sbat");
});

test("a stub's SBAT without room stays, unless the kernel's lines would be lost", () => {
  const long = `${STUB_SBAT}${"x".repeat(380)}\n`;
  const sections = [
    { name: ".text", bytes: Buffer.from("x") },
    { name: ".sbat", bytes: Buffer.from(long) },
  ];
  const stub = peFile({ sections });
  assert.equal(contentOf(written({ stub }), ".sbat").toString(), long);
  assert.throws(() => written({ stub, kernel: { ...MODERN, sbat: ["linux,1"] } }), hasCode("no-room"));
});

test("a kernel that is not made for it takes the promise away that no memory is both written and executed", () => {
  const flags = (bytes: Buffer) => decodePe(sourceOf(bytes)).dllCharacteristics;
  assert.equal(flags(written()), 0x140);
  assert.equal(flags(written({ kernel: { ...MODERN, isNxCompatible: false } })), 0x40);
});

test("symbols at the end of an old stub go, others stay", () => {
  const stub = stubFile();
  const table = Buffer.alloc(2 * 18 + 4);
  table.writeUInt32LE(4, 36);
  const end = stub.length;
  stub.writeUInt32LE(end, 0x40 + 12);
  stub.writeUInt32LE(2, 0x40 + 16);
  const stripped = written({ stub: Buffer.concat([stub, table]) });
  assert.deepEqual(stripped, written(), "no different from a stub without");
  const more = written({ stub: Buffer.concat([stub, table, Buffer.from("more")]) });
  assert.equal(more.readUInt32LE(0x40 + 12), end);
  assert.equal(contentOf(more, ".cmdline").toString(), "quiet");
});

test("what is no stub, or has no room, is refused", () => {
  const withSection = (name: string, text = "x") =>
    peFile({ sections: [{ name, bytes: Buffer.from(text) }] });
  const overlapping = (at: number, value: number) => {
    const stub = stubFile();
    stub.writeUInt32LE(value, SECTION_TABLE_AT + 40 + at);
    return stub;
  };
  const aligned = (field: number, value: number) => {
    const stub = stubFile();
    stub.writeUInt32LE(value, 0x40 + field);
    return stub;
  };
  const taken = stubFile();
  taken[SECTION_TABLE_AT + 5 * 40] = 1;
  const cases: [string, Buffer, string][] = [
    ["a unified kernel image", written(), "no-stub"],
    ["one of several profiles", withSection(".profile"), "no-stub"],
    ["the stub of add-ons", withSection(".sdmagic", "#### LoaderInfo: systemd-addon 257 ####"), "no-stub"],
    ["a program of Windows", stubFile({ subsystem: 3 }), "no-stub"],
    ["a signed one", stubFile({ isSigned: true }), "no-stub"],
    ["one without sections", peFile({ sections: [] }), "bad-stub"],
    ["overlaps in memory", overlapping(12, 0x1000), "bad-stub"],
    ["overlaps in the file", overlapping(20, 0x400), "bad-stub"],
    ["data over the headers", aligned(84, 0x600), "bad-stub"],
    ["unaligned data", overlapping(20, 0x601), "bad-stub"],
    ["an alignment of 3", aligned(60, 3), "bad-stub"],
    ["an alignment of 0", aligned(56, 0), "bad-stub"],
    ["headers longer than the file", aligned(84, 0x7fff_ffff), "bad-stub"],
    ["a full header", peFile({ sizeOfHeaders: 0x200 }), "no-room"],
    ["something in the header's room", taken, "no-room"],
  ];
  for (const [what, stub, code] of cases) {
    assert.throws(() => written({ stub }), hasCode(code), what);
  }
  const huge = [{ name: ".linux", size: 0xffff_f000 }] as const;
  assert.throws(() => encodeUki({ stub: stubFile(), sections: huge, kernel: MODERN }), hasCode("too-large"));
});

test("throws nothing but FormatError for damaged stubs", () => {
  const random = seededBytes(12, 60_000);
  let made = 0;
  for (let round = 0; round < 2000; round++) {
    const stub = stubFile({ is32Bit: round % 2 === 0 });
    for (let flips = 0; flips <= round % 4; flips++) {
      stub[random[round * 11 + flips]! * 2 + (random[round * 5 + flips]! & 1)] = random[round * 7 + flips]!;
    }
    try {
      const bytes = written({ stub: stub.subarray(0, round % 5 === 0 ? random[round]! * 11 : stub.length) });
      const { sections } = decodePe(sourceOf(bytes));
      assert.ok(sections.every((one, at) => at === 0 || one.address >= sections[at - 1]!.address));
      made += 1;
    } catch (error) {
      assert.ok(error instanceof FormatError, `not a FormatError: ${error}\n${(error as Error).stack}`);
    }
  }
  assert.ok(made > 0);
});

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof FormatError && error.code === code;
}
