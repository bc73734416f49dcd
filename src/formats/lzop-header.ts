/**
 * lzop files: where one ends, and a header that depends on nothing but its content. lzop itself writes the
 * current time into it. Sources: lzop 1.04 src/lzop.c; linux lib/decompress_unlzo.c.
 */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

const MAGIC = "\x89LZO\0\r\n\x1a\n";
const FLAG = {
  adlerPlain: 1,
  adlerPacked: 2,
  extra: 0x40,
  crcPlain: 0x100,
  crcPacked: 0x200,
  filter: 0x800,
} as const;
const NAME_LENGTH_AT = 33;
/** What the kernel takes at most for one block: LZO_BLOCK_SIZE. */
const KERNEL_BLOCK = 256 * 1024;

export type LzopErrorCode = "no-magic" | "bad-header" | "bad-block" | "truncated" | "bad-name";

const LzopError = FormatError<LzopErrorCode>;

export interface LzopFile {
  readonly end: number;
  /** Why the kernel refuses it; null: it does not. */
  readonly refusal: string | null;
}

/** Walks the blocks of the file that begins at `position`. Throws FormatError with the offset in the source. */
export function readLzop(source: ByteSource, position: number): LzopFile {
  const header = Uint8Array.from(source.read(position, NAME_LENGTH_AT + 1));
  const { flags, nameLength } = readHeader(header, position);
  let refusal = refusalOf(flags);
  for (let at = position + NAME_LENGTH_AT + 1 + nameLength + 4; ; ) {
    const plain = wordAt(source, at);
    if (plain === 0) return { end: at + 4, refusal };
    const packed = wordAt(source, at + 4);
    if (packed === 0 || packed > plain) throw new LzopError("bad-block", at, "not a block of an lzop file");
    if (plain > KERNEL_BLOCK) refusal ??= "a block of its lzop file is larger than the kernel takes";
    at += 8 + sumsOf(flags, packed < plain) * 4 + packed;
    if (at > source.size) throw new LzopError("truncated", source.size, "an lzop file is cut short");
  }
}

/**
 * The same file with a header of its own: mode and times zero, and a name of `nameLength` letters, which no
 * reader of images looks at. `bytes` must hold the whole header; what follows it is kept.
 */
export function withPlainLzopHeader(bytes: Uint8Array, nameLength: number): Uint8Array {
  const { nameLength: oldLength } = readHeader(bytes, 0);
  if (nameLength > 255)
    throw new LzopError("bad-name", NAME_LENGTH_AT, "a name of lzop has at most 255 bytes");
  const rest = bytes.subarray(NAME_LENGTH_AT + 1 + oldLength + 4);
  const header = Buffer.alloc(NAME_LENGTH_AT + 1 + nameLength + 4, "x");
  header.set(bytes.subarray(0, 21));
  header.fill(0, 21, NAME_LENGTH_AT); // mode and both halves of the time
  header.writeUInt8(nameLength, NAME_LENGTH_AT);
  const sumAt = header.length - 4;
  header.writeUInt32BE(adler32(header.subarray(MAGIC.length, sumAt)), sumAt);
  return Buffer.concat([header, rest]);
}

function readHeader(bytes: Uint8Array, position: number): { flags: number; nameLength: number } {
  if (Buffer.compare(bytes.subarray(0, MAGIC.length), Buffer.from(MAGIC, "latin1")) !== 0) {
    throw new LzopError("no-magic", position, "no lzop file");
  }
  if (bytes.length < NAME_LENGTH_AT + 1)
    throw new LzopError("truncated", position + bytes.length, "a header is cut short");
  const view = viewOf(bytes);
  const flags = view.getUint32(17);
  // Both would move what follows; lzop sets neither without being asked.
  if (view.getUint16(9) < 0x940 || flags & (FLAG.filter | FLAG.extra)) {
    throw new LzopError("bad-header", position + 9, "an lzop header of a kind that is not known here");
  }
  return { flags, nameLength: view.getUint8(NAME_LENGTH_AT) };
}

/** The kernel expects exactly one sum in front of each block. */
function refusalOf(flags: number): string | null {
  if (sumsOf(flags, true) === 1 && sumsOf(flags, false) === 1) return null;
  return "its lzop file has not exactly one checksum for each block, which the kernel counts on";
}

function sumsOf(flags: number, isPacked: boolean): number {
  const plain = Number((flags & FLAG.adlerPlain) !== 0) + Number((flags & FLAG.crcPlain) !== 0);
  const packed = Number((flags & FLAG.adlerPacked) !== 0) + Number((flags & FLAG.crcPacked) !== 0);
  return plain + (isPacked ? packed : 0);
}

function wordAt(source: ByteSource, at: number): number {
  const bytes = source.read(at, 4);
  if (bytes.length < 4) throw new LzopError("truncated", source.size, "an lzop file is cut short");
  return viewOf(bytes).getUint32(0);
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return (b * 65536 + a) >>> 0;
}
