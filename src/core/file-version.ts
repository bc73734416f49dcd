import type { FileVersion } from "./ports.ts";

/** Whether a file looks the same as before; of a tree without versions it always does. */
export function isSameVersion(a: FileVersion | null, b: FileVersion | null): boolean {
  if (a === null || b === null) return a === b;
  const isSameFile = a.inode === b.inode && a.device === b.device;
  return isSameFile && a.ctimeMs === b.ctimeMs && a.mtimeMs === b.mtimeMs;
}
