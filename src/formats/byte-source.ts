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
