/** Orders that come out the same on every machine. */

/** Byte strings compare by their bytes with "<" itself; this is that, as a comparison. */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Text of any characters in the order of its UTF-8 bytes (UTF-16 order differs above U+FFFF). */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
