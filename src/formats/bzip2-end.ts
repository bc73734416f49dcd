/**
 * Where a bzip2 stream ends: 48 bits that mark the end stand at any bit, behind them a sum of 32, and zeros up to a whole byte.
 * No other bits of a stream are these but by a chance of one in 10^14 for each byte. Source: bzip2 1.0.8, decompress.c.
 */
import { type ByteSource, piecesOf } from "./byte-source.ts";
import { FormatError } from "./format-error.ts";

/** The digits of the square root of pi. */
const END_HIGH = 0x177245;
const END_LOW = 0x385090;
const HEAD_SIZE = 4;
const SUM_BITS = 32;
const PIECE = 2 ** 18;

/** Of the stream that begins at `position`. Throws FormatError where there is no end. */
export function findBzip2End(source: ByteSource, position: number): number {
  let high = 0;
  let low = 0;
  let at = position + HEAD_SIZE;
  // The last 56 bits that were seen: 24 in `high`, 32 in `low`; the mark ends at one of the last eight.
  for (const piece of piecesOf(source, at, source.size, PIECE)) {
    for (const byte of piece) {
      high = ((high << 8) | (low >>> 24)) & 0xffffff;
      low = ((low << 8) | byte) >>> 0;
      at += 1;
      for (let shift = 0; shift < 8; shift++) {
        const lowBits = ((low >>> shift) & 0xffffff) >>> 0;
        if (lowBits !== END_LOW) continue;
        const upper = (((high << (8 - shift)) | (low >>> (24 + shift))) & 0xffffff) >>> 0;
        if (upper !== END_HIGH) continue;
        const end = at + Math.ceil((SUM_BITS - shift) / 8);
        if (end <= source.size) return end;
      }
    }
  }
  throw new FormatError("truncated", source.size, "a bzip2 stream is cut short");
}
