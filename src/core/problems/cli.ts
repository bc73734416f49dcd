import type { HostPath } from "../path.ts";

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
  | { readonly code: "cli/file-exists"; readonly file: string }
  | {
      readonly code: "cli/nothing-to-start";
      readonly sysroot: HostPath;
      readonly searched: readonly string[];
    };
