/** What stands last in a file of the cache that is written as a whole, and tells whether it was. */
import { createHash } from "node:crypto";

export const SUM_BYTES = 32;

/** SHA-256 of all pieces. */
export function sumOf(...pieces: readonly Uint8Array[]): Buffer {
  const sum = createHash("sha256");
  for (const piece of pieces) sum.update(piece);
  return sum.digest();
}
