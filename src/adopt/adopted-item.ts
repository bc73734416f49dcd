/** What there is to adopt: one path of an image as the kernel unpacks it, with the digest of its data. */
import type { Digest } from "../core/digest.ts";
import type { Entry } from "../core/entry.ts";
import type { ByteString, TargetPath } from "../core/path.ts";

export interface AdoptedItem {
  readonly path: TargetPath;
  readonly kind: Entry["kind"];
  /** Of a symlink 0777, as every kernel has it. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a file; 0 for all others. */
  readonly size: number;
  /** Of a file with data; null for all others. */
  readonly digest: Digest | null;
  /** Of a symlink; empty for all others. */
  readonly to: ByteString;
  /** Of a device node; 0 for all others. */
  readonly major: number;
  readonly minor: number;
}

export const SYMLINK_MODE = 0o777;

/** What a rebuilt tree has otherwise at a path. */
export interface TreeDifference {
  readonly path: TargetPath;
  /** `lost`: the image has it; `extra`: only the rebuilt tree has it; else what of it differs. */
  readonly what: "lost" | "extra" | "kind" | "mode" | "owner" | "content" | "target" | "device";
}

/** In the order of paths. Times are no part of it, nor which names are hard links of one file. */
export function treeDifferences(
  image: readonly AdoptedItem[],
  rebuilt: readonly AdoptedItem[],
): TreeDifference[] {
  const there = new Map(rebuilt.map((item) => [item.path, item]));
  const known = new Set(image.map(({ path }) => path));
  const differences = image.flatMap((item): TreeDifference[] => {
    const other = there.get(item.path);
    if (other === undefined) return [{ path: item.path, what: "lost" }];
    const what = differenceOf(item, other);
    return what === null ? [] : [{ path: item.path, what }];
  });
  const extra = rebuilt.filter(({ path }) => !known.has(path));
  return [...differences, ...extra.map(({ path }) => ({ path, what: "extra" }) as const)];
}

/** A digest that is null of a file with data is not known, and taken for equal. */
export function differenceOf(
  a: AdoptedItem,
  b: AdoptedItem,
): Exclude<TreeDifference["what"], "lost" | "extra"> | null {
  if (a.kind !== b.kind) return "kind";
  if (a.mode !== b.mode) return "mode";
  if (a.uid !== b.uid || a.gid !== b.gid) return "owner";
  if (a.to !== b.to) return "target";
  if (a.major !== b.major || a.minor !== b.minor) return "device";
  const isOther = a.digest !== null && b.digest !== null && a.digest !== b.digest;
  return a.size !== b.size || isOther ? "content" : null;
}
