/**
 * Names that a new kernel or a rebuilt store changes everywhere, folded: two paths that differ only in them are one. Where
 * a side has several that would fold to one name (two kernels, two store paths of one name), these keep their own.
 */
import type { ByteString, TargetPath } from "../core/path.ts";

export type Fold = (path: TargetPath) => string;

/** Everything under its own name. */
export const UNFOLDED: Fold = (path) => path;

const MODULES = /^((?:usr\/)?lib\/modules\/)([^/]+)/;
const IN_BOOT = /^(boot\/(?:vmlinuz|vmlinux|config|System\.map|initrd\.img)-)(\d[^/]*)$/;
const STORE = /^([^\0]*?\/)?([0-9abcdfghijklmnpqrsvwxyz]{32})-([^/]+)/;
/** What stands in the place of a version or a hash. */
const KERNEL = "<kernel>";
const HASH = "<hash>";

/** How the paths of a side are folded. */
export function foldOf(paths: Iterable<TargetPath>): Fold {
  const tops = new Map<string, Set<string>>();
  for (const path of paths) {
    const part = foldablePart(path);
    if (part === null) continue;
    const known = tops.get(part.folded) ?? new Set();
    tops.set(part.folded, known.add(part.top));
  }
  return (path) => {
    const part = foldablePart(path);
    if (part === null || tops.get(part.folded)?.size !== 1) return path;
    return part.folded + path.slice(part.top.length);
  };
}

/** Hashes of store paths in a text (a link's target, an interpreter) folded, whoever else is called so. */
export function foldText(text: ByteString): string {
  return text
    .replace(/(^|\/)[0-9abcdfghijklmnpqrsvwxyz]{32}-/g, `$1${HASH}-`)
    .replace(MODULES, `$1${KERNEL}`);
}

interface FoldablePart {
  /** The beginning of the path that is folded. */
  readonly top: string;
  readonly folded: string;
}

function foldablePart(path: TargetPath): FoldablePart | null {
  const kernel = MODULES.exec(path) ?? IN_BOOT.exec(path);
  if (kernel !== null) return { top: kernel[0], folded: kernel[1]! + KERNEL };
  const store = STORE.exec(path);
  if (store === null) return null;
  return { top: store[0], folded: `${store[1] ?? ""}${HASH}-${store[3]}` };
}
