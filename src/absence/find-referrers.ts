/** Which files of the sysroot refer to another by its name: what the image would have to hold for it to come along. */
import { nameOf, showBytes, showPath, type TargetPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { FileKind } from "../graph/scan-file.ts";
import type { BuiltImage } from "./built-image.ts";
import { mayRefer } from "./built-image.ts";
import type { SysrootNames } from "./find-places.ts";
import type { Referrer } from "./obstacle.ts";

/** A look into a file takes a tenth of a millisecond. */
const MOST_FILES = 5000;
const MOST_REFERRERS = 4;

export interface Referrers {
  readonly referrers: readonly Referrer[];
  /** Whether all of the tree was looked through. */
  readonly isSearched: boolean;
}

/** Programs before libraries. `path` is where it lies, without symlinks above it. */
export function findReferrers(
  path: TargetPath,
  image: BuiltImage,
  { paths, isWhole }: SysrootNames,
): Referrers {
  const name = showBytes(nameOf(path));
  const found: { referrer: Referrer; isProgram: boolean }[] = [];
  let files = 0;
  for (const one of paths) {
    const facts = image.sysroot.statCopied(one);
    if (facts?.kind !== "file" || one === path || !mayRefer({ path: one, ...facts })) continue;
    files += 1;
    if (files > MOST_FILES) break;
    const kind = lookInto(one, image);
    const reason = kind && reasonOf(kind, name, path, image);
    const isProgram = kind?.kind !== "elf" || kind.elf.interpreter !== null;
    if (reason) found.push({ referrer: { path: showPath(one), reason }, isProgram });
  }
  const ordered = [...found.filter((one) => one.isProgram), ...found.filter((one) => !one.isProgram)];
  return {
    referrers: ordered.slice(0, MOST_REFERRERS).map(({ referrer }) => referrer),
    isSearched: isWhole && files <= MOST_FILES,
  };
}

/** A file that nobody may read is none that can be judged. */
function lookInto(path: TargetPath, { kindOf }: BuiltImage): FileKind | null {
  try {
    return kindOf(path);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    return null;
  }
}

function reasonOf(
  kind: FileKind,
  name: string,
  path: TargetPath,
  { sysroot }: BuiltImage,
): Referrer["reason"] | null {
  if (kind.kind === "script") {
    const { interpreter } = kind.shebang;
    return interpreter.endsWith(`/${name}`) && sysroot.resolveParent(interpreter).path === path
      ? "shebang"
      : null;
  }
  if (kind.kind !== "elf") return null;
  const { needed, interpreter, dlopen } = kind.elf;
  if (needed.some((one) => showBytes(one) === name)) return "needed";
  if (interpreter?.endsWith(`/${name}`)) return "interpreter";
  return dlopen.some(({ sonames }) => sonames.some((one) => showBytes(one) === name)) ? "dlopen-note" : null;
}
