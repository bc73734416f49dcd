import { type Digest, startDigest } from "./digest.ts";
import type { OpenFile } from "./ports.ts";

const CHUNK_SIZE = 1 << 20;

/** The digest of a file's first `size` bytes, and how many there were: fewer where it is shorter. */
export function digestOfFile(
  file: OpenFile,
  size: number,
): { readonly digest: Digest; readonly length: number } {
  const digest = startDigest();
  const buffer = new Uint8Array(Math.min(CHUNK_SIZE, size));
  let length = 0;
  while (length < size) {
    const count = file.read(buffer.subarray(0, size - length), length);
    if (count === 0) break;
    digest.update(buffer.subarray(0, count));
    length += count;
  }
  return { digest: digest.finish(), length };
}
