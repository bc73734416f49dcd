/**
 * Whether a file can no longer change without its times telling. A file that is written twice in one tick of its
 * file system's clock looks the same after both; so one whose times are of the tick in which it may have been read,
 * or of the future, is not believed (git calls such entries of its index "racily clean").
 */
import type { FileVersion } from "../core/ports.ts";

/** Kernels tick 100 to 1000 times a second; file systems that keep whole seconds may keep only every other one. */
const TICK_MS = 100;
const COARSE_TICK_MS = 2000;

export function isSettled(
  { mtimeMs, ctimeMs }: Pick<FileVersion, "mtimeMs" | "ctimeMs">,
  readAtMs: number,
): boolean {
  const isCoarse = ctimeMs % 1000 === 0;
  return Math.max(ctimeMs, isCoarse ? mtimeMs : ctimeMs) < readAtMs - (isCoarse ? COARSE_TICK_MS : TICK_MS);
}
