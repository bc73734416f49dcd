/** Members by their structure: small golden ones, their ends, what the kernel refuses, and damage. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { withPlainLzopHeader } from "../../src/formats/lzop-header.ts";
import { type CompressedKind, describeStranger, memberKindOf, scanMember } from "../../src/formats/member.ts";
import { seededBytes } from "../support/archive.ts";

/** Each made by `printf 'hello hello hello hello\n' | TOOL -c`, with the arguments of the table of compressors. */
const GOLDEN: Readonly<Record<CompressedKind, string>> = {
  gzip: "1f8b0800000000000203cb48cdc9c957c84027b9000088590b18000000",
  bzip2: "425a68393141592653596f4f10f3000005d100001040000244a00030c002a834710dad870f1772453850906f4f10f3",
  lzma: "5d00000800ffffffffffffffff00341949ee8de9560ac1b620b7ffffba340000",
  xz: "fd377a585a0000016922de36020021010e00000004504836e00017000c5d00341949ee8de9560ac121b000000088590b00012418dbcc02c29042990d010000000001595a",
  lzop: "894c5a4f000d0a1a0a104020a0094001050300000d000000006b02f78800000000002d20035c000000180000001870be08bb68656c6c6f2068656c6c6f2068656c6c6f2068656c6c6f0a00000000",
  lz4: "02214c180f0000006968656c6c6f20060050656c6c6f0a",
  zstd: "28b52ffd04606d00003868656c6c6f200a0100994b11a87c2ea8",
};
const KINDS = Object.keys(GOLDEN) as CompressedKind[];

const bytesOfKind = (kind: CompressedKind): Buffer => Buffer.from(GOLDEN[kind], "hex");

test("knows every kind by its first two bytes, and nothing else", () => {
  for (const kind of KINDS) assert.equal(memberKindOf(bytesOfKind(kind)), kind);
  assert.equal(memberKindOf(Buffer.from("070701")), null);
  assert.equal(memberKindOf(new Uint8Array(0)), null);
  assert.match(describeStranger(Buffer.from("04224d18", "hex")), /lz4 -l/);
  assert.match(describeStranger(Buffer.from("502a4d18", "hex")), /pzstd/);
  assert.match(describeStranger(Buffer.from("7f454c46", "hex")), /7f454c46/);
});

test("finds the end of a member behind other bytes and before zeros", () => {
  for (const kind of KINDS) {
    const member = bytesOfKind(kind);
    const bytes = Buffer.concat([Buffer.from("12345678"), member, new Uint8Array(8)]);
    const { end, refusal } = scanMember(kind, sourceOf(bytes), 8);
    assert.equal(refusal, null, kind);
    if (end !== null) assert.equal(end, 8 + member.length, kind);
  }
});

test("says why the kernel refuses a member that its tool would read", () => {
  const crc64 = Buffer.from(
    "fd377a585a000004e6d6b4460200210116000000742fe5a3e00017000c5d00341949ee8de9560ac121b000006c14ed1b3b68bb9100012818d783b76e1fb6f37d010000000004595a",
    "hex",
  );
  assert.match(scanMember("xz", sourceOf(crc64), 0).refusal ?? "", /crc64/);
  const delta = Buffer.from(
    "fd377a585a0000016922de3602010301002101167920c4eee00017000e5d00343f3ce0002194e8e3cbd8f0c0000000000088590b0001261859ae34f09042990d010000000001595a",
    "hex",
  );
  assert.match(scanMember("xz", sourceOf(delta), 0).refusal ?? "", /delta/);
  const commented = bytesOfKind("gzip");
  commented[3] = 16;
  assert.match(scanMember("gzip", sourceOf(commented), 0).refusal ?? "", /comment/);
  const unsummed = Buffer.from(
    "894c5a4f000d0a1a0a104020a0094001050300000c000000006b02f78800000000002d12035b000000180000001868656c6c6f2068656c6c6f2068656c6c6f2068656c6c6f0a00000000",
    "hex",
  );
  assert.match(scanMember("lzop", sourceOf(unsummed), 0).refusal ?? "", /checksum/);
  const wide = Buffer.from("28b52ffd04906d00003868656c6c6f200a0100994b11a87c2ea8", "hex");
  assert.match(scanMember("zstd", sourceOf(wide), 0).refusal ?? "", /--long=27/);
});

test("notices every truncation of members whose structure tells the end", () => {
  for (const kind of ["xz", "zstd", "lzop"] as const) {
    const member = bytesOfKind(kind);
    for (let length = 0; length < member.length; length++) {
      assert.throws(
        () => scanMember(kind, sourceOf(member.subarray(0, length)), 0),
        FormatError,
        `${kind} ${length}`,
      );
    }
  }
});

test("lzop's header comes out the same for every time, with the name that was asked for", () => {
  const member = bytesOfKind("lzop");
  const later = Buffer.from(member);
  later.fill(0x77, 21, 33);
  assert.deepEqual(withPlainLzopHeader(later, 0), withPlainLzopHeader(member, 0));
  for (let length = 0; length < 5; length++) {
    const named = withPlainLzopHeader(later, length);
    assert.equal(named.length, member.length + length);
    assert.equal(scanMember("lzop", sourceOf(named), 0).end, named.length);
  }
  assert.throws(() => withPlainLzopHeader(member, 256), FormatError);
});

test("throws nothing but FormatError for damaged members", () => {
  const random = seededBytes(11, 60_000);
  for (let round = 0; round < 2000; round++) {
    for (const kind of KINDS) {
      const bytes = bytesOfKind(kind);
      for (let flips = 0; flips <= round % 5; flips++)
        bytes[random[round * 11 + flips]! % bytes.length] = random[round * 13 + flips]!;
      onlyFormatErrors(() => scanMember(kind, sourceOf(bytes.subarray(0, bytes.length - (round % 7))), 0));
    }
  }
  for (let at = 0; at < 50_000; at += 500) {
    for (const kind of KINDS) {
      const bytes = Buffer.concat([bytesOfKind(kind).subarray(0, 12), random.subarray(at, at + 400)]);
      onlyFormatErrors(() => scanMember(kind, sourceOf(bytes), 0));
    }
  }
});

function onlyFormatErrors(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof FormatError, `not a FormatError: ${error}`);
  }
}
