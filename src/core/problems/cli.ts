import type { HostPath } from "../path.ts";

/** What a verb cannot do with what it was given. */
export type CliProblem =
  | { readonly code: "cli/recipe-not-found"; readonly file: string }
  /** The same recipe, under other circumstances. */
  | { readonly code: "cli/second-build-failed"; readonly exitCode: number; readonly said: string }
  | { readonly code: "cli/file-exists"; readonly file: string }
  | {
      readonly code: "cli/nothing-to-start";
      readonly sysroot: HostPath;
      readonly searched: readonly string[];
    };
