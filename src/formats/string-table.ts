/**
 * Texts in one block, each ended by NUL, where one that ends another lies within it: "libz.so.1" at the end of
 * "/lib/libz.so.1". Source: glibc elf/stringtable.c, whose order this is, so that the block is the same.
 */
import { type ByteString, toBytes } from "../core/path.ts";

export interface StringTable {
  readonly bytes: Uint8Array;
  /** From the beginning of the table. */
  offsetOf(text: ByteString): number;
}

export function stringTable(texts: Iterable<ByteString>): StringTable {
  // Sorted from their ends, the longer first: what ends another comes right behind it.
  const sorted = [...new Set(texts)]
    .map((text) => ({ text, reversed: [...text].reverse().join("") }))
    .sort((a, b) => (a.reversed < b.reversed ? 1 : -1));
  const offsets = new Map<ByteString, number>();
  let block = "";
  let previous = "";
  for (const { text } of sorted) {
    if (previous.endsWith(text)) offsets.set(text, block.length - 1 - text.length);
    else {
      offsets.set(text, block.length);
      block += `${text}\0`;
      previous = text;
    }
  }
  return { bytes: toBytes(block as ByteString), offsetOf: (text) => offsets.get(text)! };
}
