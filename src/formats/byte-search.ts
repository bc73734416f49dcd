/** Looking for bytes in what may be too large to be held. */
import type { ByteSource } from "./byte-source.ts";

const PIECE = 2 ** 20;

/** Where `needle` stands, from the beginning on; what is found overlaps nothing that was found. */
export function* findAll(source: ByteSource, needle: Uint8Array): Generator<number, void, void> {
  const overlap = needle.length - 1;
  for (let at = 0; at < source.size; at += PIECE) {
    const read = source.read(at, PIECE + overlap);
    // What is found is looked at by others, who read: the piece must stay as it is.
    const piece = Buffer.from(read);
    for (
      let found = piece.indexOf(needle);
      found !== -1;
      found = piece.indexOf(needle, found + needle.length)
    )
      yield at + found;
    if (read.length < PIECE) return;
  }
}

export function findFirst(source: ByteSource, needle: Uint8Array): number | null {
  const { value } = findAll(source, needle).next();
  return value ?? null;
}
