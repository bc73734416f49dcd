/** `initgraph plan`: what would be built. */
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { command } from "../command.ts";
import { parseSettings, SET } from "../settings.ts";

export const plan = command({
  name: "plan",
  summary: "say what would be built, and change nothing",
  about:
    "--resolved prints the recipe as it is meant: what it includes merged in, variables in their places, each " +
    "value with its origin in a comment; what nobody says is left out. Paths are seen from the recipe's " +
    "directory: a file there with this text builds the same image. This version knows no other form of a plan " +
    "yet, so --resolved must be given.",
  operands: [{ name: "recipe", says: "the recipe (default: ./initrd.yaml)", need: "optional" }],
  options: {
    resolved: { takes: null, says: "the whole recipe, with the origin of each value" },
    sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's" },
    compressor: { takes: "NAME", says: "the compressor, in place of the recipe's" },
    set: SET,
  },
  onFailure: "nothing was resolved",
  examples: [
    ["initgraph plan board.yaml --resolved", "which value of which file counts"],
    ["initgraph plan board.yaml --resolved --set KERNEL=6.1.0-51-arm64", "with another value of a variable"],
  ],
  async run({ operands, options }, terminal) {
    if (!options.resolved) throw new WrongUsage("this version plans nothing but --resolved yet");
    const { printRecipe } = await import("../work/plan.ts");
    return printRecipe(
      {
        recipe: operands[0] ?? "initrd.yaml",
        sysroot: options.sysroot,
        compressor: options.compressor,
        variables: parseSettings(options.set),
      },
      terminal,
    );
  },
});
