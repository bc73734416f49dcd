/** What the command line says in place of a recipe: `--kernel`, and its variables with `--set NAME=value`. */
import { WrongUsage } from "../machine/wrong-usage.ts";
import { safeText } from "./text/safe.ts";

/** The option's row, the same for every verb that reads a recipe. */
export const SET = {
  takes: "NAME=VALUE",
  repeats: true,
  says: "the value of a variable, in place of the one under `vars` (may be repeated)",
} as const;

/** Likewise. */
export const KERNEL = {
  takes: "VERSION",
  says: "the kernel, in place of the recipe's; of kernel.versions, this one alone",
} as const;

/** Of no import from `spec`: a build with nothing to do loads none of it. */
const NAME = /^[A-Z_][A-Z0-9_]*$/;

export function parseSettings(words: readonly string[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const word of words) {
    const [name = "", ...value] = word.split("=");
    if (value.length === 0) throw new WrongUsage(`--set takes NAME=VALUE, not "${safeText(word)}"`);
    if (!NAME.test(name)) {
      throw new WrongUsage(
        `--set: "${safeText(name)}" is no name of a variable: those are of A-Z, 0-9 and _`,
      );
    }
    if (settings.has(name)) throw new WrongUsage(`--set ${name} is given twice`);
    settings.set(name, value.join("="));
  }
  return settings;
}
