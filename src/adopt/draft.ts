/** A recipe for an image while it is found out: which way each path of the image takes. */
import type { TargetPath } from "../core/path.ts";

/**
 * `object`: from the sysroot, at its own path; `layout`: a symlink of the sysroot's that leads to a directory, which is not meant to come; `own`: beside the recipe, or in it; `kernel`: by its list of modules; `packed`: within an archive that is
 * prepended, where no recipe can say it or where what it refers to would come along, which the image lacks.
 */
export type Way = "object" | "layout" | "own" | "kernel" | "packed";

export interface Draft {
  /** Of all paths but directories. */
  readonly ways: ReadonlyMap<TargetPath, Way>;
  /** Directories that the recipe must name, since no other entry brings them as they are. */
  readonly directories: ReadonlySet<TargetPath>;
  /** Holes that the image has. */
  readonly allow: readonly DraftAllowance[];
  /** What the closure must not do, or it brings what the image lacks. */
  readonly withoutDlopen: boolean;
  readonly withoutLoaderCache: boolean;
  /** Whether store paths come whole, or file by file. */
  readonly store: "whole" | "files";
  /** Null: modules, if there are any, are objects like others. */
  readonly kernel: DraftKernel | null;
}

export interface DraftKernel {
  readonly version: string;
  /** Where its modules lie: "usr/lib/modules/6.1.0". */
  readonly root: TargetPath;
  /** Modules and directories of modules. */
  readonly modules: readonly TargetPath[];
}

export interface DraftAllowance {
  /** As it is called: a library's name, a path. */
  readonly missing: string;
  /** "/usr/bin/x"; null: several. */
  readonly neededBy: string | null;
}
