/**
 * The kinds of compressed members that the kernel knows, by their first two bytes, and where a member ends.
 * Sources: linux lib/decompress.c and the decompressors it names.
 */
import type { ByteSource } from "./byte-source.ts";
import { hex32 } from "./bytes.ts";
import { FormatError } from "./format-error.ts";
import { readGzipHeader } from "./gzip-header.ts";
import { findLz4End } from "./lz4-header.ts";
import { readLzop } from "./lzop-header.ts";
import { readXzStream } from "./xz-header.ts";
import { KERNEL_ZSTD_WINDOW, readZstdHeader, scanZstdFrame } from "./zstd-frame.ts";

export type CompressedKind = "gzip" | "bzip2" | "lzma" | "xz" | "lzop" | "lz4" | "zstd";

const MAGICS: readonly (readonly [first: number, second: number, kind: CompressedKind])[] = [
  [0x1f, 0x8b, "gzip"],
  [0x42, 0x5a, "bzip2"],
  [0x5d, 0x00, "lzma"],
  [0xfd, 0x37, "xz"],
  [0x89, 0x4c, "lzop"],
  [0x02, 0x21, "lz4"],
  [0x28, 0xb5, "zstd"],
];

const SKIPPABLE_ZSTD = 0x502a4d18;

/** What looks like a compressed archive, and is none to the kernel. */
const STRANGERS: readonly (readonly [magic: number, what: string])[] = [
  [0x04224d18, "an lz4 frame; the kernel reads the legacy format (lz4 -l) alone"],
  [SKIPPABLE_ZSTD, "a skippable zstd frame, as pzstd and seekable formats write; the kernel knows none"],
  [0x504b0304, "a zip file"],
  [0x377abcaf, "a 7z file"],
  [0x4c5a4950, "an lzip file"],
];

export interface MemberExtent {
  /** Where the member ends, counted in the source; null: only its decoder can tell. */
  readonly end: number | null;
  /** It unpacks to at most this many bytes; null: only its decoder can tell. */
  readonly contentLimit: number | null;
  /** Why the kernel refuses it; null: nothing is known against it. */
  readonly refusal: string | null;
}

/** The kind of the member that begins with these bytes; null where the kernel would know none. */
export function memberKindOf(bytes: Uint8Array): CompressedKind | null {
  return MAGICS.find(([first, second]) => bytes[0] === first && bytes[1] === second)?.[2] ?? null;
}

/** What bytes without a known magic are, for people. */
export function describeStranger(bytes: Uint8Array): string {
  return (
    strangerOf(bytes) ??
    `neither a newc archive nor compressed as the kernel knows it (it begins with ${hex32(magicOf(bytes))})`
  );
}

/** The archive that begins with these bytes and that the kernel does not know, for people; null: they are none that is known here. */
export function strangerOf(bytes: Uint8Array): string | null {
  const magic = magicOf(bytes);
  // pzstd counts frames in the last four bits
  const isSkippable = (magic & 0xf0ff_ffff) >>> 0 === SKIPPABLE_ZSTD;
  const known = isSkippable ? SKIPPABLE_ZSTD : magic;
  return STRANGERS.find(([stranger]) => stranger === known)?.[1] ?? null;
}

function magicOf(bytes: Uint8Array): number {
  return (
    ((bytes[0] ?? 0) * 2 ** 24 + ((bytes[1] ?? 0) << 16) + ((bytes[2] ?? 0) << 8) + (bytes[3] ?? 0)) >>> 0
  );
}

/** Looks a member over without decoding it. Throws FormatError with the offset in the source. */
export function scanMember(kind: CompressedKind, source: ByteSource, position: number): MemberExtent {
  const unknown = { end: null, contentLimit: null };
  switch (kind) {
    case "gzip":
      return { ...unknown, refusal: readGzipHeader(source, position).refusal };
    case "zstd":
      return scanZstd(source, position);
    case "xz":
      return { ...unknown, ...readXzStream(source, position) };
    case "lzop":
      return { ...unknown, ...readLzop(source, position) };
    case "lz4":
      return { ...unknown, end: findLz4End(source, position), refusal: null };
    case "bzip2":
      return { ...unknown, refusal: bzip2Refusal(source.read(position, 4)) };
    case "lzma":
      return { ...unknown, refusal: lzmaRefusal(source.read(position, 13), source.size) };
  }
}

function scanZstd(source: ByteSource, position: number): MemberExtent {
  const { window, dictionary } = readZstdHeader(source, position);
  const extent = scanZstdFrame(source, position);
  if (window > KERNEL_ZSTD_WINDOW) {
    const refusal = `its zstd window is ${window} bytes; the kernel takes ${KERNEL_ZSTD_WINDOW} (--long=27)`;
    return { ...extent, refusal };
  }
  const refusal = dictionary === 0 ? null : "it needs a zstd dictionary, which the kernel has not";
  return { ...extent, refusal };
}

function bzip2Refusal(head: Uint8Array): string | null {
  const level = head[3] ?? 0;
  return head[2] === 0x68 && level >= 0x31 && level <= 0x39 ? null : "it has no bzip2 header";
}

function lzmaRefusal(head: Uint8Array, size: number): string | null {
  if (head.length < 13) throw new FormatError("truncated", size, "an lzma header is cut short");
  return null;
}
