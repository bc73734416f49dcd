/** The header of a gzip member, as far as the kernel understands it. Sources: RFC 1952; linux lib/decompress_inflate.c. */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

/** Bytes behind the deflate stream: CRC-32 and size, little-endian. */
export const GZIP_TRAILER_SIZE = 8;
const FIXED_SIZE = 10;
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;
/** More than any writer puts into a header; a search for a NUL must end somewhere. */
const MAX_TEXT = 65536;

export interface GzipHeader {
  /** Where the deflate stream begins, counted in the source. */
  readonly dataAt: number;
  /** What the kernel, which knows only the name, would take for data; null: it reads this header. */
  readonly refusal: string | null;
}

export type GzipErrorCode = "no-magic" | "truncated" | "reserved";

const GzipError = FormatError<GzipErrorCode>;

/** The header at `position`. Throws FormatError with the offset in the source. */
export function readGzipHeader(source: ByteSource, position: number): GzipHeader {
  const bytes = source.read(position, FIXED_SIZE);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new GzipError("no-magic", position, "no gzip member");
  if (bytes.length < FIXED_SIZE) throw new GzipError("truncated", source.size, "a gzip header is cut short");
  const flags = bytes[3]!;
  if (bytes[2] !== 8) throw new GzipError("reserved", position + 2, "a gzip member that is not deflated");
  if (flags & FLAG.reserved) throw new GzipError("reserved", position + 3, "a reserved flag of gzip is set");
  let at = position + FIXED_SIZE;
  if (flags & FLAG.extra) at += 2 + u16At(source, at);
  if (flags & FLAG.name) at = afterText(source, at);
  if (flags & FLAG.comment) at = afterText(source, at);
  if (flags & FLAG.headerCrc) at += 2;
  if (at > source.size) throw new GzipError("truncated", source.size, "a gzip header is cut short");
  return { dataAt: at, refusal: refusalOf(flags) };
}

function refusalOf(flags: number): string | null {
  if (flags & FLAG.extra) return "its gzip header has an extra field, which the kernel takes for data";
  if (flags & FLAG.comment) return "its gzip header has a comment, which the kernel takes for data";
  if (flags & FLAG.headerCrc) return "its gzip header has a CRC, which the kernel takes for data";
  return null;
}

function u16At(source: ByteSource, at: number): number {
  const bytes = source.read(at, 2);
  if (bytes.length < 2) throw new GzipError("truncated", source.size, "a gzip header is cut short");
  return viewOf(bytes).getUint16(0, true);
}

function afterText(source: ByteSource, at: number): number {
  const nul = source.read(at, MAX_TEXT).indexOf(0);
  if (nul === -1) throw new GzipError("truncated", at, "a text in a gzip header does not end");
  return at + nul + 1;
}
