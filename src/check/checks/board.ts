/** Whether a board's memory has room for the image. */
import type { CheckOrder } from "../check-image.ts";
import type { Finding } from "../finding.ts";
import type { ImageView } from "../image-view.ts";
import { proveBoard } from "../proofs/board.ts";

export function checkBoard({ fileSize }: ImageView, { board, kernel }: CheckOrder): Finding[] {
  if (board === null) return [];
  const { kernel: area } = board;
  // A kernel says itself what it takes, with what it clears behind itself.
  const size = area?.size ?? kernel?.memorySize ?? null;
  return proveBoard({ ...board, kernel: area && { ...area, size } }, fileSize);
}
