/** Images with one fault each in their bytes: what `check` must find, and what kernels say. */
import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import type { FindingCode } from "../../src/check/finding.ts";
import { oddArchive, TRAILER } from "./odd-cpio.ts";

export interface FaultyImage {
  /** What is wrong, as a sentence goes on. */
  readonly what: string;
  /** What follows an archive that is good, its length a multiple of 512. */
  readonly bytes: () => Uint8Array;
  readonly finds: readonly FindingCode[];
  /** What the kernel prints; null: not a word. */
  readonly says: RegExp | null;
  /** How much of it comes through is its decoder's affair: the kernel's of xz stops some bytes before the end. */
  readonly cutFile?: string;
}

/** The first has a file of 5,000 bytes, so that there is something to cut and to flip. */
const FIRST = Buffer.concat([
  oddArchive([
    ["first", { kind: "directory" }],
    ["first/a", { data: letters(5000) }],
    ["first/b", { data: "b" }],
  ]),
]);
const SECOND = Buffer.concat([
  oddArchive([
    ["second", { kind: "directory" }],
    ["second/a", { data: letters(300) }],
  ]),
  TRAILER,
]);

const INVALID = /invalid magic at start of compressed archive/;
const PADDING = /broken padding/;
const JUNK_END = /junk at the end of compressed archive/;

export const FAULTY_IMAGES: readonly FaultyImage[] = [
  {
    what: "a plain archive behind a compressed member that does not end at a multiple of four",
    bytes: () => join(toOdd(gzipSync(FIRST), 1), SECOND),
    finds: ["check/misaligned-archive"],
    says: INVALID,
  },
  {
    what: "a compressed member behind one zero",
    bytes: () => join(FIRST, zeros(1), gzipSync(SECOND)),
    finds: ["check/broken-padding"],
    says: PADDING,
  },
  {
    what: "two zeros between entries",
    bytes: () => join(FIRST, zeros(2), SECOND),
    finds: ["check/broken-padding"],
    says: PADDING,
  },
  {
    what: "two zeros between entries of a compressed member",
    bytes: () => gzipSync(join(FIRST, zeros(2), SECOND)),
    finds: ["check/broken-padding"],
    says: PADDING,
  },
  {
    what: "text before the last archive",
    bytes: () => join(FIRST, Buffer.from("text"), SECOND),
    finds: ["check/unknown-data"],
    says: INVALID,
  },
  {
    what: "text behind the last archive",
    bytes: () => join(FIRST, gzipSync(SECOND), Buffer.from("text")),
    finds: ["check/junk-at-end"],
    says: INVALID,
  },
  {
    what: "lz4 behind lz4 and three zeros",
    bytes: () => join(lz4(FIRST), zeros(3), lz4(SECOND)),
    finds: ["check/lz4-followed"],
    says: /Decoding failed|too large|longer|corrupt/i,
  },
  {
    what: "gzip right behind lz4",
    bytes: () => join(lz4(FIRST), gzipSync(SECOND)),
    finds: ["check/lz4-followed"],
    says: /Decoding failed|longer|corrupt/i,
  },
  {
    what: "the lz4 frame format",
    bytes: () => join(FIRST, run("lz4", ["-c"], SECOND)),
    finds: ["check/unknown-format"],
    says: INVALID,
  },
  {
    what: "a skippable frame of zstd",
    bytes: () => join(FIRST, run("pzstd", ["-c", "-q", "-p", "2"], SECOND)),
    finds: ["check/unknown-format"],
    says: INVALID,
  },
  {
    what: "xz with a check of crc64",
    bytes: () => join(xz(SECOND, "--check=crc64"), xz(FIRST)),
    finds: ["check/member-refused"],
    says: /Input was encoded with settings that are not supported|not supported/i,
  },
  {
    what: "xz with a check of sha256",
    bytes: () => join(xz(SECOND, "--check=sha256"), xz(FIRST)),
    finds: ["check/member-refused"],
    says: /not supported/i,
  },
  {
    what: "xz with the delta filter",
    bytes: () => join(xz(SECOND, "--delta", "--lzma2"), xz(FIRST)),
    finds: ["check/member-refused"],
    says: /not supported/i,
  },
  {
    what: "a window of zstd of more than 128 MiB",
    bytes: () => join(run("zstd", ["-qc", "--ultra", "--long=28"], SECOND), gzipSync(FIRST)),
    finds: ["check/member-refused"],
    says: /ZSTD/,
  },
  {
    what: "a comment in the header of gzip",
    bytes: () => join(withGzipFlag(gzipSync(SECOND), 16, Buffer.from("note\0")), gzipSync(FIRST)),
    finds: ["check/member-refused"],
    says: /Initramfs unpacking failed/,
  },
  {
    what: "an extra field in the header of gzip",
    bytes: () => join(withGzipFlag(gzipSync(SECOND), 4, Buffer.from("\x02\0ab", "latin1")), gzipSync(FIRST)),
    finds: ["check/member-refused"],
    says: /Initramfs unpacking failed/,
  },
  {
    what: "lzop without checksums",
    bytes: () => join(run("lzop", ["-cF"], FIRST), gzipSync(SECOND)),
    finds: ["check/member-refused"],
    says: /Initramfs unpacking failed/,
  },
  {
    what: "gzip inside zstd",
    bytes: () => join(zstd(join(FIRST, gzipSync(SECOND))), gzipSync(SECOND)),
    finds: ["check/junk-inside"],
    says: /junk within compressed archive/,
  },
  {
    what: "an archive that is cut within a file and goes on in another member",
    bytes: () => {
      const whole = join(FIRST, SECOND);
      return join(gzipSync(whole.subarray(0, 2000)), gzipSync(whole.subarray(2000)));
    },
    finds: ["check/entry-across-members"],
    says: JUNK_END,
  },
  {
    what: "bzip2 of several streams that are cut anywhere",
    bytes: () => {
      const whole = join(FIRST, SECOND);
      return join(run("bzip2", ["-c"], whole.subarray(0, 2000)), run("bzip2", ["-c"], whole.subarray(2000)));
    },
    finds: ["check/entry-across-members"],
    says: JUNK_END,
  },
  {
    what: "a plain archive that is cut short within a file",
    bytes: () => join(SECOND, FIRST).subarray(0, SECOND.length + 3000),
    finds: ["check/cut-short"],
    says: null,
  },
  {
    what: "a plain archive that is cut short within a header",
    bytes: () => join(FIRST, SECOND).subarray(0, FIRST.length + 50),
    finds: ["check/cut-short"],
    says: null,
  },
  {
    what: "gzip that is cut short",
    bytes: () => half(gzipSync(join(FIRST, SECOND))),
    finds: ["check/damaged-member"],
    says: /Initramfs unpacking failed/,
  },
  {
    what: "zstd that is cut short",
    bytes: () => half(zstd(join(FIRST, SECOND))),
    finds: ["check/damaged-member"],
    says: /ZSTD/,
  },
  {
    what: "xz that is cut short",
    bytes: () => half(xz(join(FIRST, SECOND))),
    finds: ["check/damaged-member"],
    says: /Initramfs unpacking failed/,
    cutFile: "first/a",
  },
  {
    what: "a checksum of zstd that is wrong",
    bytes: () => join(flipped(zstd(FIRST), -2), gzipSync(SECOND)),
    finds: ["check/damaged-member"],
    says: /ZSTD/,
  },
  {
    what: "a checksum of gzip that is wrong, which no kernel looks at",
    bytes: () => join(flipped(gzipSync(FIRST), -6), gzipSync(SECOND)),
    finds: ["check/unnoticed-damage"],
    says: null,
  },
  {
    what: "a checksum of lzop that is wrong, which no kernel looks at",
    bytes: () => {
      const packed = run("lzop", ["-c"], FIRST);
      const header = 38; // and no name
      return join(flipped(packed, header + 8), gzipSync(SECOND));
    },
    finds: ["check/unnoticed-damage"],
    says: null,
  },
  {
    what: "an archive in the old portable format",
    bytes: () => join(FIRST, Buffer.from("070707"), SECOND.subarray(6), zeros(200)),
    finds: ["check/bad-entry"],
    says: /use -H newc/,
  },
  {
    what: "an archive whose magic is damaged",
    bytes: () => join(FIRST, Buffer.from("070731"), SECOND.subarray(6), zeros(200)),
    finds: ["check/bad-entry"],
    says: /no cpio magic/,
  },
  {
    what: "a checksum of an entry that is wrong",
    bytes: () =>
      join(
        oddArchive([
          ["sum", { data: "right", sumIsOffBy: 0 }],
          ["wrong", { data: "wrong", sumIsOffBy: 1 }],
        ]),
        SECOND,
      ),
    finds: ["check/bad-entry", "check/old-kernels"],
    says: /bad data checksum/,
  },
];

function join(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts);
}

function zeros(count: number): Uint8Array {
  return new Uint8Array(count);
}

/** Letters that compress, but not to nothing. */
function letters(count: number): string {
  let text = "";
  for (let state = 1; text.length < count; state = (state * 48271) % 2147483647)
    text += String.fromCharCode(97 + (state % 26));
  return text;
}

function half(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length >> 1);
}

/** A bit at a place counted from the start, or with a minus from the end. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
}

/** With zeros up to a place that is so far from a multiple of four. */
function toOdd(bytes: Uint8Array, rest: number): Uint8Array {
  return join(bytes, zeros((4 + rest - (bytes.length % 4)) % 4));
}

function withGzipFlag(bytes: Uint8Array, flag: number, field: Uint8Array): Uint8Array {
  const header = Uint8Array.from(bytes.subarray(0, 10));
  header[3] = flag;
  return join(header, field, bytes.subarray(10));
}

function lz4(bytes: Uint8Array): Buffer {
  return run("lz4", ["-lc"], bytes);
}

function xz(bytes: Uint8Array, ...options: readonly string[]): Buffer {
  return run("xz", ["-c", "--check=crc32", ...options], bytes);
}

function zstd(bytes: Uint8Array): Buffer {
  return run("zstd", ["-qc"], bytes);
}

function run(program: string, args: readonly string[], input: Uint8Array): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { input, maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
  return stdout;
}
