/** What kept a file out of an image, as data: `cli/report/absence.ts` makes sentences of it. Names are ready to be shown. */
import type { TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { Warning } from "../core/warning.ts";
import type { StoreExtent } from "../spec/spec.ts";

export interface Absence {
  /** Where in the recipe's trees it lies that is not in the image; the nearest to what was asked for first. */
  readonly places: readonly AbsentPlace[];
  /** What is true of the name itself, wherever it lies. */
  readonly obstacles: readonly Obstacle[];
  /** How those are called that somebody may have meant, in the trees or the image. Empty where a place was found. */
  readonly nearest: readonly string[];
}

export interface AbsentPlace {
  /** As it would be in the image. */
  readonly path: TargetPath;
  /** From what is most telling; at least one. */
  readonly obstacles: readonly Obstacle[];
}

export type Obstacle =
  | LibraryObstacle
  | KernelObstacle
  /** Only what the system mounts there is seen when it runs: nothing is followed to it. */
  | { readonly kind: "mounted"; readonly top: TargetPath }
  /** A warning tells of it: a program may open it, and no header says so. */
  | { readonly kind: "suspected"; readonly warning: Warning }
  /** The recipe accepts that it is missing. */
  | {
      readonly kind: "allowed";
      readonly at: Span;
      readonly missing: string;
      readonly reason: string;
      readonly by: readonly TargetPath[];
    }
  /** It is a symlink that nobody goes through; what it leads to is in the image. */
  | { readonly kind: "unused-link"; readonly to: TargetPath }
  /** A file of the store that nothing of the image refers to. */
  | {
      readonly kind: "store";
      readonly name: string;
      readonly extent: StoreExtent;
      readonly isPartlyIn: boolean;
    }
  /** Nothing in the image refers to it. `referrers`: files of the tree that do, and are not in the image either. */
  | { readonly kind: "unreferenced"; readonly referrers: readonly Referrer[]; readonly isSearched: boolean };

export interface Referrer {
  readonly path: string;
  readonly reason: "needed" | "interpreter" | "shebang" | "dlopen-note";
}

export type LibraryObstacle =
  /** The loader finds another file of that name. `wasTried`: it had looked where this one lies, and passed it by. */
  | {
      readonly kind: "other-library";
      readonly soname: string;
      readonly winner: TargetPath;
      readonly by: TargetPath;
      readonly found: string;
      readonly tried: readonly string[];
      readonly wasTried: boolean;
    }
  | { readonly kind: "other-machine"; readonly found: string; readonly expected: string }
  /** A variant for some processors, of a level that the recipe does not ask for. */
  | { readonly kind: "hwcaps"; readonly level: string; readonly plain: TargetPath | null }
  /** A note declares it, with a priority that the recipe does not follow. */
  | {
      readonly kind: "dlopen-priority";
      readonly by: TargetPath;
      readonly soname: string;
      readonly feature: string;
      readonly priority: string;
    }
  /** A note names others too, and one of those was found first. */
  | {
      readonly kind: "dlopen-alternative";
      readonly by: TargetPath;
      readonly soname: string;
      readonly chosen: string;
    };

export type KernelObstacle =
  | { readonly kind: "builtin"; readonly module: string; readonly version: string }
  /** Of another kernel than the image's. */
  | { readonly kind: "other-kernel"; readonly version: string; readonly at: Span; readonly chosen: string }
  | { readonly kind: "no-kernel"; readonly module: string; readonly version: string }
  /** The name of a recipe's line stands for it, and modprobe.d forbids it. */
  | {
      readonly kind: "blacklisted";
      readonly at: Span;
      readonly word: string;
      readonly module: string;
      readonly by: string;
    }
  | {
      readonly kind: "module-unasked";
      readonly at: Span;
      readonly module: string;
      readonly version: string;
      /** Modules that would bring it, none of them in the image. */
      readonly users: readonly string[];
      /** Where the tree has another file for that module, which counts for depmod. */
      readonly other: TargetPath | null;
    }
  /** A driver asks for it; `at` says that none comes, or which. */
  | {
      readonly kind: "firmware-off" | "firmware-excluded";
      readonly at: Span;
      readonly driver: string;
      readonly name: string;
    }
  | { readonly kind: "firmware-packed"; readonly driver: string; readonly configuration: string }
  | { readonly kind: "other-firmware"; readonly name: string; readonly winner: TargetPath }
  | { readonly kind: "firmware-unasked"; readonly name: string; readonly at: Span | null };
