/** What `why` and `why-not` take alike. */
import type { Options } from "../command.ts";
import { KERNEL, parseSettings, SET } from "../settings.ts";

export const IN = {
  takes: "FILE",
  says: "a recipe, an image with its manifest beside it, or a manifest (default: ./initrd.yaml)",
} as const;

/** Where a recipe is read. */
export const READ_RECIPE = {
  sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's" },
  kernel: KERNEL,
  set: SET,
  cache: { takes: "DIR", says: "the cache to look into (see `initgraph cache path --help`)" },
  "no-cache": { takes: null, says: "as if nothing were cached or known" },
} as const;

export function whyOrder(
  names: readonly string[],
  options: Options<typeof READ_RECIPE & { readonly in: typeof IN }>,
) {
  return {
    names,
    recipe: options.in ?? "initrd.yaml",
    sysroot: options.sysroot,
    compressor: null,
    kernel: options.kernel,
    variables: parseSettings(options.set),
    cache: options["no-cache"] ? ("nowhere" as const) : { named: options.cache },
  };
}
