/**
 * Where files would land that the kernel unpacks last, over all that an image brings: through its symlinks, and
 * without an entry for a directory that is there, since one over a symlink destroys it (boot-tested, 5.10 to 7.2).
 */
import type { Entry } from "../core/entry.ts";
import { compareBytes } from "../core/order.ts";
import { ancestorsOf, type TargetPath } from "../core/path.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import type { UnpackedTree } from "./unpacked-tree.ts";

export interface OverlayEntry<T> {
  readonly path: TargetPath;
  /** Null: a directory that the image has not. */
  readonly item: T | null;
}

/** Why an item has no place. */
export interface Obstacle<T> {
  readonly item: T;
  readonly path: TargetPath;
  /** What lies at the path itself, or above it where there should be a directory. */
  readonly at: TargetPath;
  readonly found: Entry["kind"];
}

export interface Overlay<T> {
  /** Parents before what lies in them. */
  readonly entries: readonly OverlayEntry<T>[];
  readonly obstacles: readonly Obstacle<T>[];
}

export function overlayOn<T extends { readonly target: TargetPath }>(
  items: readonly T[],
  tree: UnpackedTree,
): Overlay<T> {
  const placed = new Map<TargetPath, OverlayEntry<T>>();
  const obstacles: Obstacle<T>[] = [];
  const resolver = new PathResolver(tree);
  const kindAt = (path: TargetPath): Entry["kind"] | null => {
    const own = placed.get(path);
    if (own !== undefined) return own.item === null ? "directory" : "file";
    return tree.stat(path)?.kind ?? null;
  };
  for (const item of items) {
    const { path } = resolver.resolveParent(item.target);
    const above = ancestorsOf(path);
    const taken = kindAt(path);
    const wrong = above.find((parent) => (kindAt(parent) ?? "directory") !== "directory");
    const at = wrong ?? (taken === null ? null : path);
    if (at !== null) {
      obstacles.push({ item, path, at, found: kindAt(at)! });
      continue;
    }
    for (const parent of above) if (kindAt(parent) === null) placed.set(parent, { path: parent, item: null });
    placed.set(path, { path, item });
  }
  const entries = [...placed.values()].sort((a, b) => compareBytes(a.path, b.path));
  return { entries, obstacles };
}
