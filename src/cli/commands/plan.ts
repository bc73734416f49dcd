/** `initgraph plan`: what would be built. */
import { command } from "../command.ts";
import { KERNEL, parseSettings, SET } from "../settings.ts";

export const plan = command({
  name: "plan",
  summary: "say what would be built, and change nothing",
  about:
    "Decides as a build does, reads the files that no build has read, and says: which pieces the image would have, which of " +
    "them are cached, why the others differ from the earlier image's, how long it would take by what builds took here, and whether <recipe>.lock " +
    "is there and still holds. --resolved prints the recipe as it is meant instead: what it " +
    "includes merged in, variables in their places, each value with its origin in a comment; what nobody says is left out. Paths are " +
    "seen from the recipe's directory: a file there with this text builds the same image. Nothing is written, nor kept in the cache.",
  operands: [{ name: "recipe", says: "the recipe (default: ./initrd.yaml)", need: "optional" }],
  options: {
    resolved: { takes: null, says: "the whole recipe, with the origin of each value" },
    sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's" },
    compressor: { takes: "NAME", says: "the compressor, in place of the recipe's" },
    kernel: KERNEL,
    set: SET,
    out: { short: "o", takes: "DIR", says: "where an earlier image is, to compare with (default: result)" },
    cache: { takes: "DIR", says: "the cache to look into (see `initgraph cache path --help`)" },
    "no-cache": { takes: null, says: "as if nothing were cached or known" },
  },
  onFailure: "nothing was planned",
  examples: [
    ["initgraph plan", "what `initgraph build` would make, and whether the lock is stale"],
    ["initgraph plan board.yaml --resolved", "which value of which file counts"],
    ["initgraph plan board.yaml --resolved --set KERNEL=6.1.0-51-arm64", "with another value of a variable"],
  ],
  async run({ operands, options }, terminal) {
    const order = {
      recipe: operands[0] ?? "initrd.yaml",
      sysroot: options.sysroot,
      compressor: options.compressor,
      kernel: options.kernel,
      variables: parseSettings(options.set),
    };
    if (options.resolved) {
      const { printRecipe } = await import("../work/plan.ts");
      return printRecipe(order, terminal);
    }
    const { printPlan } = await import("../work/foresee.ts");
    const cache = options["no-cache"] ? ("nowhere" as const) : { named: options.cache };
    return printPlan({ ...order, cache, out: options.out ?? "result" }, terminal);
  },
});
