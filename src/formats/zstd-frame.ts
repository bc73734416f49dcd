/**
 * Zstandard frames: where one ends, what its header declares, and how to declare more. Source: RFC 8878,
 * section 3.1.1; limits of the kernel: linux lib/decompress_unzstd.c.
 */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

const MAGIC = 0xfd2f_b528;
const SKIPPABLE_MAGIC = 0x184d_2a50;
const MAX_HEADER_SIZE = 18;
const MAX_BLOCK_SIZE = 128 * 1024;
/** The kernel's decoder refuses more: ZSTD_WINDOWLOG_LIMIT_DEFAULT. Bytes. */
export const KERNEL_ZSTD_WINDOW = 2 ** 27;

export interface ZstdHeader {
  /** Bytes of the header, the magic included. */
  readonly size: number;
  /** Bytes that a decoder must keep. */
  readonly window: number;
  /** Null: not declared. */
  readonly contentSize: number | null;
  readonly hasChecksum: boolean;
  readonly isSingleSegment: boolean;
  readonly dictionary: number;
  /** The window as its own byte says it; null: it is the content size. */
  readonly windowDescriptor: number | null;
}

export type ZstdErrorCode = "truncated" | "no-magic" | "skippable-frame" | "reserved" | "bad-block";

const ZstdError = FormatError<ZstdErrorCode>;

/** The header of the frame that begins at `position`. Throws FormatError with the offset in the source. */
export function readZstdHeader(source: ByteSource, position: number): ZstdHeader {
  const bytes = source.read(position, MAX_HEADER_SIZE);
  const view = viewOf(bytes);
  const need = (length: number): void => {
    if (bytes.length < length)
      throw new ZstdError("truncated", source.size, "a zstd frame's header is cut short");
  };
  need(5);
  const magic = view.getUint32(0, true);
  if (isSkippableZstd(magic)) throw new ZstdError("skippable-frame", position, "a skippable zstd frame");
  if (magic !== MAGIC) throw new ZstdError("no-magic", position, "no zstd frame");
  const descriptor = view.getUint8(4);
  if (descriptor & 0x08) throw new ZstdError("reserved", position + 4, "a reserved bit of the frame is set");
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionarySize = [0, 1, 2, 4][descriptor & 3]!;
  const fcsSize = descriptor >> 6 === 0 ? (isSingleSegment ? 1 : 0) : 1 << (descriptor >> 6);
  const dictionaryAt = isSingleSegment ? 5 : 6;
  const fcsAt = dictionaryAt + dictionarySize;
  need(fcsAt + fcsSize);
  const contentSize = fcsSize === 0 ? null : readFcs(view, fcsAt, fcsSize);
  const windowDescriptor = isSingleSegment ? null : view.getUint8(5);
  return {
    size: fcsAt + fcsSize,
    window: windowDescriptor === null ? contentSize! : windowOf(windowDescriptor),
    contentSize,
    hasChecksum: (descriptor & 0x04) !== 0,
    isSingleSegment,
    dictionary: readLittle(bytes, dictionaryAt, dictionarySize),
    windowDescriptor,
  };
}

/** What is known of a frame without decoding it. */
export interface ZstdExtent {
  readonly end: number;
  /** The content has at most this many bytes. */
  readonly contentLimit: number;
}

/** Walks the blocks of the frame that begins at `position`. Throws FormatError with the offset in the source. */
export function scanZstdFrame(source: ByteSource, position: number): ZstdExtent {
  const header = readZstdHeader(source, position);
  const limit = Math.min(MAX_BLOCK_SIZE, header.window);
  let at = position + header.size;
  let contentLimit = 0;
  for (let isLast = false; !isLast; ) {
    const bytes = source.read(at, 3);
    if (bytes.length < 3) throw new ZstdError("truncated", source.size, "a zstd frame is cut short");
    const word = readLittle(bytes, 0, 3);
    isLast = (word & 1) === 1;
    const type = (word >> 1) & 3;
    const size = word >> 3;
    // 3 is reserved; a block may neither hold nor give more than the window, nor than 128 KiB.
    if (type === 3 || size > limit) throw new ZstdError("bad-block", at, "not a block of a zstd frame");
    at += 3 + (type === 1 ? 1 : size);
    contentLimit += type === 2 ? limit : size;
  }
  const end = at + (header.hasChecksum ? 4 : 0);
  if (end > source.size) throw new ZstdError("truncated", source.size, "a zstd frame is cut short");
  return { end, contentLimit };
}

/**
 * The same frame with what makes it cheap and safe to unpack in its header: the content's size, the smaller
 * of it and the declared window, and a checksum, which is appended (`checksum`: the low 32 bits of the content's
 * XXH64) unless the frame has one. A frame that its encoder wrote without knowing the size declares a
 * window that the kernel would allocate and clear for each frame.
 */
export function declareZstdContent(frame: Uint8Array, contentSize: number, checksum: number): Uint8Array {
  const source = {
    size: frame.length,
    read: (at: number, length: number) => frame.subarray(at, at + length),
  };
  const old = readZstdHeader(source, 0);
  const blocks = frame.subarray(old.size);
  const isSingleSegment = old.windowDescriptor === null || contentSize <= old.window;
  const tail = new Uint8Array(old.hasChecksum ? 0 : 4);
  if (!old.hasChecksum) viewOf(tail).setUint32(0, checksum, true);
  return Buffer.concat([headerOf(contentSize, isSingleSegment ? null : old.windowDescriptor), blocks, tail]);
}

/** The bytes without skippable frames, which pzstd writes and the kernel refuses. */
export function withoutSkippableFrames(bytes: Uint8Array): Uint8Array {
  const source = {
    size: bytes.length,
    read: (at: number, length: number) => bytes.subarray(at, at + length),
  };
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = isSkippableAt(bytes, at) ? at : scanZstdFrame(source, at).end;
    if (end > at) frames.push(bytes.subarray(at, end));
    at = end > at ? end : at + 8 + viewOf(bytes).getUint32(at + 4, true);
  }
  return frames.length === 1 ? frames[0]! : Buffer.concat(frames);
}

function isSkippableAt(bytes: Uint8Array, at: number): boolean {
  return at + 8 <= bytes.length && isSkippableZstd(viewOf(bytes).getUint32(at, true));
}

export function isSkippableZstd(magic: number): boolean {
  return (magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC;
}

/** Size fields of 1, 2, 4 and 8 bytes; the second one counts from 256. */
function headerOf(contentSize: number, windowDescriptor: number | null): Uint8Array {
  const isSingleSegment = windowDescriptor === null;
  const flag =
    contentSize < 256 && isSingleSegment
      ? 0
      : contentSize < 256
        ? 2
        : contentSize < 65792
          ? 1
          : contentSize < 2 ** 32
            ? 2
            : 3;
  const fcsSize = 1 << flag;
  const fcsAt = isSingleSegment ? 5 : 6;
  const header = new Uint8Array(fcsAt + fcsSize);
  const view = viewOf(header);
  view.setUint32(0, MAGIC, true);
  view.setUint8(4, (flag << 6) | (isSingleSegment ? 0x20 : 0) | 0x04);
  if (windowDescriptor !== null) view.setUint8(5, windowDescriptor);
  if (flag === 0) view.setUint8(fcsAt, contentSize);
  else if (flag === 1) view.setUint16(fcsAt, contentSize - 256, true);
  else if (flag === 2) view.setUint32(fcsAt, contentSize, true);
  else view.setBigUint64(fcsAt, BigInt(contentSize), true);
  return header;
}

function readFcs(view: DataView, at: number, size: number): number {
  if (size === 8) return Number(view.getBigUint64(at, true));
  if (size === 4) return view.getUint32(at, true);
  return size === 2 ? view.getUint16(at, true) + 256 : view.getUint8(at);
}

/** Eight steps for each power of two, from 1 KiB. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readLittle(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}
