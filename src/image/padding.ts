/**
 * Zeros between the parts of an image. The kernel sees a plain archive only at a multiple of four from the start, and
 * takes what follows lz4 for another block unless four zeros come first (boot-tested, 5.10 to 7.2).
 */
import type { EarlySegment } from "../inspect/early.ts";
import type { MemberKind } from "../inspect/read-image.ts";

/** GNU cpio's block. Bytes. */
const BLOCK = 512;

/** Up to the next multiple of four; behind lz4 at least four. */
export function zerosAfter(early: Pick<EarlySegment, "lastKind">, end: number): number {
  return ((4 - (end % 4)) % 4) + (early.lastKind === "lz4" ? 4 : 0);
}

/** Between two members: none within one kind, and none before what is compressed but behind lz4. */
export function zerosBetween(last: MemberKind | null, next: MemberKind, end: number): number {
  if (last === null || last === next || (last !== "lz4" && next !== "plain")) return 0;
  return zerosAfter({ lastKind: last }, end);
}

/** From the end of a plain image to that of its last block. */
export function zerosToBlock(end: number): number {
  return (BLOCK - (end % BLOCK)) % BLOCK;
}
