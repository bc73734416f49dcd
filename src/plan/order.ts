/** The order of an archive: parents before their children, names in the order of their bytes. */

import { compareBytes } from "../core/order.ts";
import type { TargetPath } from "../core/path.ts";

/**
 * The order of `find . | LC_ALL=C sort`. A directory's name is a proper prefix of all below it, so the order
 * of bytes alone puts every parent first; the root is "".
 */
export function inArchiveOrder<T extends { readonly entry: { readonly path: TargetPath } }>(
  entries: readonly T[],
): T[] {
  return [...entries].sort((a, b) => compareBytes(a.entry.path, b.entry.path));
}
