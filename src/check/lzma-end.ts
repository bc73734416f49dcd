/**
 * Where an lzma member ends that something stands behind. Only its decoder can tell, and xz(1) says no more than whether bytes are
 * too few or too many; so it is asked again and again, each time with half the doubt.
 */

/** What a decoder says of the bytes up to a place. */
export type LzmaVerdict = "whole" | "too-few" | "too-many";

/** Each question decodes all. Bytes. */
const MOST_ASKED = 16 * 2 ** 20;

export interface LzmaDoubt {
  readonly start: number;
  /** Behind the last byte that may be its own. */
  readonly end: number;
}

/** Null: it would take too long, or there is no such place. */
export async function findLzmaEnd(
  { start, end }: LzmaDoubt,
  ask: (end: number) => Promise<LzmaVerdict>,
): Promise<number | null> {
  if (end - start > MOST_ASKED) return null;
  let [low, high] = [start, end];
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const verdict = await ask(middle);
    if (verdict === "whole") return middle;
    if (verdict === "too-few") low = middle + 1;
    else high = middle - 1;
  }
  return null;
}
