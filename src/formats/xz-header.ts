/**
 * xz streams: where one ends, and whether the kernel can read it. The end is found by walking the LZMA2
 * chunks, each of which says how long it is, without decoding them. Sources: "The .xz File Format" 1.2.1
 * (tukaani.org), linux lib/xz/xz_dec_stream.c and xz_dec_lzma2.c.
 */
import type { ByteSource } from "./byte-source.ts";
import { padded } from "./cpio.ts";
import { FormatError } from "./format-error.ts";

const STREAM_HEADER_SIZE = 12;
const FOOTER_SIZE = 12;
const MAX_BLOCK_HEADER = 1024;
const LZMA2 = 0x21;
const DELTA = 0x03;
/** Bytes of a check by its id: none, CRC32, …, CRC64, …, SHA-256. */
const CHECK_SIZES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64] as const;
const CHECK_NAMES: Readonly<Record<number, string>> = { 4: "crc64", 10: "sha256" };

export interface XzStream {
  /** Where the stream ends, counted in the source. */
  readonly end: number;
  /** Why the kernel refuses it; null: it does not. */
  readonly refusal: string | null;
  /** Ids of the filters of its blocks, each once. */
  readonly filters: readonly number[];
  /** Bytes of the largest dictionary. */
  readonly window: number;
}

export type XzErrorCode = "no-magic" | "truncated" | "bad-header" | "bad-block" | "bad-index";

const XzError = FormatError<XzErrorCode>;

/** Walks the stream that begins at `position`. Throws FormatError with the offset in the source. */
export function readXzStream(source: ByteSource, position: number): XzStream {
  const header = take(source, position, STREAM_HEADER_SIZE);
  if (Buffer.compare(header.subarray(0, 6), Buffer.from("\xfd7zXZ\0", "latin1")) !== 0) {
    throw new XzError("no-magic", position, "no xz stream");
  }
  const check = header[7]!;
  if (header[6] !== 0 || check > 15)
    throw new XzError("bad-header", position + 6, "unknown flags of an xz stream");
  let refusal = refusalOfCheck(check);
  const filters = new Set<number>();
  let window = 0;
  let at = position + STREAM_HEADER_SIZE;
  for (let first = take(source, at, 1)[0]!; first !== 0; first = take(source, at, 1)[0]!) {
    const size = (first + 1) * 4;
    const block = readFilters(Uint8Array.from(take(source, at, size)), at);
    refusal ??= refusalOfFilters(block.filters);
    for (const filter of block.filters) filters.add(filter);
    window = Math.max(window, block.window);
    at += size;
    at = position + padded(afterLzma2(source, at) - position) + CHECK_SIZES[check]!;
  }
  at = afterIndex(source, at);
  const footer = take(source, at, FOOTER_SIZE);
  if (footer[10] !== 0x59 || footer[11] !== 0x5a)
    throw new XzError("bad-index", at, "no end of an xz stream");
  return { end: at + FOOTER_SIZE, refusal, filters: [...filters], window };
}

function refusalOfCheck(check: number): string | null {
  if (check <= 1) return null;
  return `its xz check is ${CHECK_NAMES[check] ?? `number ${check}`}; the kernel reads --check=crc32 and none`;
}

/** Before LZMA2 the kernel knows branch filters, at most one. */
function refusalOfFilters(filters: readonly number[]): string | null {
  if (filters.includes(DELTA)) return "it uses xz's delta filter, which the kernel has not";
  return filters.length > 2 ? "it uses more xz filters than the kernel can chain" : null;
}

/** A block's filters by their ids: LZMA2 must be the last. */
function readFilters(header: Uint8Array, at: number): Pick<XzStream, "filters" | "window"> {
  const flags = header[1]!;
  if (flags & 0x3c || header.length > MAX_BLOCK_HEADER)
    throw new XzError("bad-block", at, "unknown flags of a block");
  let place = 2;
  const number = (): number => {
    let value = 0;
    for (let shift = 1; shift < 2 ** 62; shift *= 128) {
      const byte = header[place++] ?? 0;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    throw new XzError("bad-block", at, "a number in a block's header does not end");
  };
  if (flags & 0x40) number();
  if (flags & 0x80) number();
  const ids: number[] = [];
  for (let count = (flags & 3) + 1; count > 0; count--) {
    ids.push(number());
    const propertiesSize = number(); // which moves the place itself
    place += propertiesSize;
  }
  if (ids.at(-1) !== LZMA2 || place > header.length)
    throw new XzError("bad-block", at, "a block without LZMA2");
  return { filters: ids, window: dictionarySize(header[place - 1]!) };
}

/** Two steps for each power of two, from 4 KiB. */
function dictionarySize(properties: number): number {
  return properties > 40 ? 2 ** 32 : (2 + (properties & 1)) * 2 ** ((properties >> 1) + 11);
}

/** Control byte, sizes, payload; 0 ends. */
function afterLzma2(source: ByteSource, from: number): number {
  for (let at = from; ; ) {
    const head = source.read(at, 6);
    const control = head[0];
    if (control === undefined) throw new XzError("truncated", source.size, "an xz stream is cut short");
    if (control === 0) return at + 1;
    if (control > 2 && control < 0x80) throw new XzError("bad-block", at, "not a chunk of LZMA2");
    const sizeAt = control < 0x80 ? 1 : 3;
    const size = ((head[sizeAt] ?? 0) << 8) + (head[sizeAt + 1] ?? 0) + 1;
    at += (control < 0x80 ? 3 : control < 0xc0 ? 5 : 6) + size;
  }
}

/** Indicator, count, that many pairs of numbers, padding, CRC-32. */
function afterIndex(source: ByteSource, from: number): number {
  let at = from + 1;
  const number = (): number => {
    let value = 0;
    for (let shift = 1; shift < 2 ** 62; shift *= 128) {
      const byte = take(source, at++, 1)[0]!;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) return value;
    }
    throw new XzError("bad-index", at, "a number in the index does not end");
  };
  for (let count = number(); count > 0; count--) {
    number();
    number();
  }
  return from + padded(at - from) + 4;
}

function take(source: ByteSource, position: number, length: number): Uint8Array {
  const bytes = source.read(position, length);
  if (bytes.length < length) throw new XzError("truncated", source.size, "an xz stream is cut short");
  return bytes;
}
