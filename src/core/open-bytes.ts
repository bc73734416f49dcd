import type { OpenFile } from "./ports.ts";

/** Bytes in memory, as an open file. */
export function openBytes(bytes: Uint8Array): OpenFile {
  return {
    size: bytes.length,
    read(into, position) {
      const piece = bytes.subarray(position, position + into.length);
      into.set(piece);
      return piece.length;
    },
    versionNow: () => null,
    close() {},
  };
}
