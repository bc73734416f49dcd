/** A recipe from this machine's disk, as the first stage takes it. */
import { bytesOf, parseHostPath } from "../core/path.ts";
import type { Host } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { RecipeInput } from "../spec/load.ts";
import { hostPathFrom, readHostFile } from "./files.ts";

export interface RecipeOrder {
  /** As it was typed. */
  readonly recipe: string;
  /** In place of the recipe's own; null: not said. */
  readonly sysroot: string | null;
  readonly compressor: string | null;
}

/** Throws BuildFailure: cli/recipe-not-found, host/cannot-read. */
export function readRecipe(
  { recipe: file, sysroot, compressor }: RecipeOrder,
  host: Pick<Host, "tree">,
): RecipeInput {
  const path = hostPathFrom(file);
  const bytes = readHostFile(path, host);
  if (bytes === null) throw new BuildFailure([{ code: "cli/recipe-not-found", file }]);
  return {
    bytes,
    file,
    directory: parseHostPath(bytesOf(".."), path)!,
    overrides: { sysroot: sysroot === null ? null : hostPathFrom(sysroot), compressor },
    sourceDateEpoch: process.env["SOURCE_DATE_EPOCH"] ?? null,
  };
}
