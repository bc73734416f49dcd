/**
 * The catalogue of what deserves a word though nothing is wrong: what no header says, what may be missed when
 * the image runs. As with problems, a code is `room/what` and never changes once released, and `cli/report/`
 * alone makes sentences of it. Facts are ready to be shown: the manifest lists them as they are.
 *
 * Warn rarely, or nobody reads them: one warning for a kind and a file, and each has a fix of one line.
 */
import type { Span } from "./span.ts";

export type Warning = KernelWarning | GraphWarning | PackagesWarning | PlanWarning;

/** What is worth a word about kernel modules and firmware. */
export type KernelWarning =
  | {
      readonly code: "kernel/built-in";
      readonly at: Span;
      readonly module: string;
      readonly builtin: readonly string[];
    }
  | { readonly code: "kernel/implied"; readonly at: Span; readonly module: string; readonly by: string }
  | {
      /** Firmware that a driver names and the tree has not: often of devices that nobody has here. */
      readonly code: "kernel/firmware-missing";
      readonly driver: string;
      readonly names: readonly string[];
    }
  | {
      /** Firmware that is there, packed in a way that the kernel's configuration leaves out. */
      readonly code: "kernel/firmware-packed";
      readonly driver: string;
      readonly names: readonly string[];
      readonly configuration: string;
    }
  | {
      /** modprobe runs a command that never loads the module, or one of which only a shell knows what it runs. */
      readonly code: "kernel/module-disabled" | "kernel/modprobe-command";
      readonly module: string;
      readonly configuration: string;
      readonly line: string;
    };

type GraphWarning =
  | {
      /** Services of nsswitch.conf whose modules the tree has and the image has not. */
      readonly code: "graph/nss-modules";
      readonly configuration: string;
      /** Where the tree has them. */
      readonly modules: readonly string[];
    }
  | {
      /** A PAM stack of the image names modules that the tree has and the image has not. */
      readonly code: "graph/pam-modules";
      readonly configuration: string;
      readonly modules: readonly string[];
    }
  | {
      /** Programs that end threads: glibc then opens libgcc_s.so.1, and aborts where it is missing. */
      readonly code: "graph/thread-exit";
      readonly programs: readonly string[];
      readonly library: string;
    }
  | {
      /** Programs that convert character sets, and none of glibc's converters in the image. */
      readonly code: "graph/gconv";
      readonly programs: readonly string[];
      readonly directory: string;
    }
  | {
      /** A program or library that opens libraries by name, and the names in it that the tree has. */
      readonly code: "graph/dlopen-strings" | "graph/library-dlopen-strings";
      readonly program: string;
      readonly libraries: readonly string[];
    }
  | {
      /** Files of a content-pure image in a packing that could not be looked into: they may name store paths. */
      readonly code: "graph/unread-packing";
      readonly packing: string;
      readonly files: readonly string[];
    }
  | {
      /** A prepended archive names store paths that it lacks, by names that a content-pure image does not have. */
      readonly code: "graph/prepended-names";
      readonly at: Span;
      readonly archive: string;
      readonly paths: readonly string[];
    };

/** Where files of the image may belong to packages that its SBOM does not name. */
export type PackagesWarning =
  | {
      /** The sysroot tells nothing of packages: one that was unpacked by hand, or made without them. */
      readonly code: "packages/no-database";
      readonly root: string;
      /** How many files come from there. */
      readonly files: number;
    }
  | {
      readonly code: "packages/unreadable";
      readonly database: string;
      readonly what: string;
    }
  | {
      /** Packages are named, and which files are theirs is not: small images leave it out. */
      readonly code: "packages/no-file-lists";
      readonly database: string;
      readonly packages: readonly string[];
    };

/** What of a finished image is known before anything is written. */
export type PlanWarning =
  | {
      /** Nothing is where the kernel looks for what it starts; `leadsTo`: where a symlink points, else null. */
      readonly code: "plan/no-init";
      readonly path: string;
      readonly leadsTo: string | null;
    }
  | { readonly code: "plan/init-not-executable"; readonly path: string };

export type WarningCode = Warning["code"];

/** Every code, for `silence`: the compiler sees that none is left out. */
const CODES: Readonly<Record<WarningCode, true>> = {
  "plan/no-init": true,
  "plan/init-not-executable": true,
  "graph/nss-modules": true,
  "graph/pam-modules": true,
  "graph/thread-exit": true,
  "graph/gconv": true,
  "graph/dlopen-strings": true,
  "graph/library-dlopen-strings": true,
  "graph/unread-packing": true,
  "graph/prepended-names": true,
  "kernel/built-in": true,
  "kernel/implied": true,
  "kernel/firmware-missing": true,
  "kernel/firmware-packed": true,
  "kernel/module-disabled": true,
  "kernel/modprobe-command": true,
  "packages/no-database": true,
  "packages/unreadable": true,
  "packages/no-file-lists": true,
};

export const WARNING_CODES: readonly string[] = Object.keys(CODES);

/** True of nearly every image, and of no use on a terminal: in the manifest alone. */
const FOR_THE_MANIFEST: ReadonlySet<WarningCode> = new Set(["graph/library-dlopen-strings"]);

export function isSilent({ code }: Warning, silence: readonly WarningCode[]): boolean {
  return silence.includes(code) || FOR_THE_MANIFEST.has(code);
}

/** Those that are told: not those that the recipe silences. */
export function audible(warnings: readonly Warning[], silence: readonly WarningCode[]): Warning[] {
  return warnings.filter((warning) => !isSilent(warning, silence));
}

/** Where in the recipe a warning stands; null: it is about no line of it. */
export function placeOfWarning(warning: Warning): Span | null {
  return "at" in warning ? (warning.at as Span) : null;
}
