/** Bytes at any place of a file, however it is kept. */

export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from `position`; fewer than `length` only at the end. Valid until the next call. */
  read(position: number, length: number): Uint8Array;
}

/** A ByteSource over bytes in memory. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (position, length) => bytes.subarray(position, position + length),
  };
}

/** The bytes between two places, `length` at a time; each piece is valid until the next. A file that became shorter gives less. */
export function* piecesOf(
  source: ByteSource,
  from: number,
  to: number,
  length: number,
): Generator<Uint8Array, void, void> {
  for (let at = from; at < to; at += length) yield source.read(at, Math.min(length, to - at));
}

const PIECE = 64 * 1024;

/** Where the next byte that is not zero stands, from `from` on; the size where there is none. */
export function skipZeros(source: ByteSource, from: number): number {
  for (let at = from; at < source.size; ) {
    const piece = source.read(at, PIECE);
    if (piece.length === 0) break; // The file has become shorter.
    for (const byte of piece) {
      if (byte !== 0) return at;
      at += 1;
    }
  }
  return source.size;
}
