/**
 * Names that a new kernel, a rebuilt store or another machine changes everywhere, folded: two paths that differ only in them are
 * one. Where a side has several that would fold to one name (two kernels, two store paths of one name), these keep their own.
 */
import type { ByteString, TargetPath } from "../core/path.ts";

export type Fold = (path: TargetPath) => string;

/** Everything under its own name. */
export const UNFOLDED: Fold = (path) => path;

/** What of a path is folded: the second group of the pattern; the others are what stands around it. */
interface Rule {
  readonly pattern: RegExp;
  readonly mark: string;
}

const KERNEL = "<kernel>";
const HASH = "<hash>";
const NIX_HASH = "[0-9abcdfghijklmnpqrsvwxyz]{32}";

const RULES: readonly Rule[] = [
  { pattern: /^((?:usr\/)?lib\/modules\/)([^/]+)()/, mark: KERNEL },
  { pattern: /^(boot\/(?:vmlinuz|vmlinux|config|System\.map|initrd\.img)-)(\d[^/]*)()$/, mark: KERNEL },
  { pattern: new RegExp(`^((?:.*/)?)(${NIX_HASH})(-[^/]+)`), mark: HASH },
  { pattern: /^((?:usr\/)?lib\/)([^/.]+-linux-[^/.]+)((?=\/|$))/, mark: "<machine>" },
  { pattern: /^(.*\.ko)(|\.gz|\.xz|\.zst)()$/, mark: "" },
];

/** How the paths of a side are folded. */
export function foldOf(paths: Iterable<TargetPath>): Fold {
  const seen = RULES.map(() => new Map<string, Set<string>>());
  for (const path of paths) {
    for (const [at, rule] of RULES.entries()) {
      const part = foldable(path, rule);
      if (part === null) continue;
      const known = seen[at]!.get(part.around) ?? new Set();
      seen[at]!.set(part.around, known.add(part.varies));
    }
  }
  return (path) => {
    let folded: string = path;
    for (const [at, rule] of RULES.entries()) {
      const part = foldable(path, rule);
      if (part === null || seen[at]!.get(part.around)?.size !== 1) continue;
      // An earlier rule may have changed what stands before: each speaks of another part of the path.
      folded = folded.replace(rule.pattern, `$1${rule.mark}$3`);
    }
    return folded;
  };
}

/** The same in a text (a link's target, an interpreter), whoever else is called so. */
export function foldText(text: ByteString): string {
  return text
    .replace(new RegExp(`(^|/)${NIX_HASH}-`, "g"), `$1${HASH}-`)
    .replace(/((?:^|\/)lib\/modules\/)[^/]+/, `$1${KERNEL}`)
    .replace(/((?:^|\/)lib\/)[^/.]+-linux-[^/.]+(?=\/|$)/, "$1<machine>");
}

/** What varies, and what stands around it. */
function foldable(path: string, { pattern }: Rule): { around: string; varies: string } | null {
  const match = pattern.exec(path);
  if (match === null) return null;
  const [, before = "", varies = "", after = ""] = match;
  return { around: `${before}\0${after}`, varies };
}
