/**
 * The legacy format of lz4 (`lz4 -l`): a magic, then blocks, each after its length; nothing marks the end.
 * Sources: lz4 doc/lz4_Frame_format.md, "Legacy frame"; linux lib/decompress_unlz4.c.
 */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

export const LZ4_LEGACY_MAGIC = 0x184c_2102;
/** LZ4_COMPRESSBOUND of the 8 MiB that a block holds at most. */
export const MOST_LZ4_BLOCK = 8 * 2 ** 20 + Math.floor((8 * 2 ** 20) / 255) + 16;

export type Lz4ErrorCode = "no-magic" | "bad-block" | "truncated";

const Lz4Error = FormatError<Lz4ErrorCode>;

/**
 * Where the kernel ends the member that begins at `position`: before a word of zeros, or where fewer than
 * four bytes remain. Another lz4 magic goes on with the same member. Throws FormatError.
 */
export function findLz4End(source: ByteSource, position: number): number {
  return lz4StreamsIn(source, position).end;
}

/** The same, and where the last magic stands before that end. Throws FormatError. */
export function lz4StreamsIn(
  source: ByteSource,
  position: number,
): { readonly last: number; readonly end: number } {
  let last = position;
  if (wordAt(source, position) !== LZ4_LEGACY_MAGIC)
    throw new Lz4Error("no-magic", position, "no lz4 -l member");
  for (let at = position + 4; ; ) {
    const word = wordAt(source, at);
    if (word === null || word === 0) return { last, end: at };
    if (word === LZ4_LEGACY_MAGIC) {
      last = at;
      at += 4;
      continue;
    }
    if (word > MOST_LZ4_BLOCK)
      throw new Lz4Error("bad-block", at, `a block of ${word} bytes is too large for lz4 -l`);
    if (at + 4 + word > source.size)
      throw new Lz4Error("truncated", source.size, "an lz4 block is cut short");
    at += 4 + word;
  }
}

function wordAt(source: ByteSource, at: number): number | null {
  const bytes = source.read(at, 4);
  return bytes.length < 4 ? null : viewOf(bytes).getUint32(0, true);
}
