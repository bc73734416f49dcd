/** A recipe from this machine's disk, as the first stage takes it. */
import { bytesOf, type HostPath, parseHostPath } from "../core/path.ts";
import type { Host } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { RecipeInput } from "../spec/load.ts";
import type { IncludedBytes } from "../spec/read-recipes.ts";
import { findHostFile, hostPathFrom, readHostFile } from "./files.ts";

export interface RecipeOrder {
  /** As it was typed. */
  readonly recipe: string;
  /** In place of the recipe's own; null: not said. */
  readonly sysroot: string | null;
  readonly compressor: string | null;
  /** The kernel's version. */
  readonly kernel: string | null;
  /** What is set in place of the values that the recipe's variables have. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Throws BuildFailure: cli/recipe-not-found, host/cannot-read. */
export function readRecipe(
  { recipe: file, sysroot, compressor, kernel, variables }: RecipeOrder,
  host: Pick<Host, "tree">,
): RecipeInput {
  const path = hostPathFrom(file);
  const found = readIdentified(path, host);
  if (found === null) throw new BuildFailure([{ code: "cli/recipe-not-found", file }]);
  return {
    ...found,
    file,
    directory: parseHostPath(bytesOf(".."), path)!,
    readIncluded: (included) => readIncluded(included, host),
    overrides: { sysroot: sysroot === null ? null : hostPathFrom(sysroot), compressor, kernel, variables },
    sourceDateEpoch: process.env["SOURCE_DATE_EPOCH"] ?? null,
  };
}

/** Null: it is not there. */
function readIdentified(path: HostPath, host: Pick<Host, "tree">): IncludedBytes | null {
  const identity = findHostFile(path, host);
  const bytes = identity === null ? null : readHostFile(path, host);
  return identity === null || bytes === null ? null : { bytes, identity };
}

function readIncluded(path: HostPath, host: Pick<Host, "tree">): ReturnType<RecipeInput["readIncluded"]> {
  try {
    return readIdentified(path, host) ?? { what: "it is not there" };
  } catch (error) {
    const [problem] = error instanceof BuildFailure ? error.problems : [];
    if (problem?.code !== "host/cannot-read") throw error;
    return { what: problem.what };
  }
}
