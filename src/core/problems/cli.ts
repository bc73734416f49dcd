import type { HostPath, TargetPath } from "../path.ts";

/** What a verb cannot do with what it was given. */
export type CliProblem =
  | { readonly code: "cli/recipe-not-found"; readonly file: string }
  | { readonly code: "cli/no-recipes"; readonly pattern: string }
  /** Two images of one run would take each other's place. */
  | {
      readonly code: "cli/same-name";
      readonly name: string;
      readonly recipes: readonly [first: string, second: string];
      readonly out: string;
    }
  /** The same recipe, under other circumstances. */
  | { readonly code: "cli/second-build-failed"; readonly exitCode: number; readonly said: string }
  /** A list for another tool names files where they lie, and these lie nowhere. */
  | { readonly code: "cli/no-host-file"; readonly paths: readonly TargetPath[]; readonly format: string }
  /** Such a list has no way to say it. */
  | {
      readonly code: "cli/cannot-list";
      readonly path: TargetPath;
      readonly format: string;
      readonly why: string;
    }
  | { readonly code: "cli/file-exists"; readonly file: string }
  | {
      readonly code: "cli/nothing-to-start";
      readonly sysroot: HostPath;
      readonly searched: readonly string[];
    };
