/** The recipe that wants an archive beside it, with one: as it says to make it, of contents that no processor takes. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RECIPES } from "./initgraph.ts";

/** Copies the recipes into `scratch`. @returns the microcode recipe there, and the archive beside it. */
export function microcodeRecipe(scratch: string): { recipe: string; archive: string } {
  const recipes = join(scratch, "recipes");
  cpSync(RECIPES, recipes, { recursive: true });
  const early = join(scratch, "early");
  mkdirSync(join(early, "kernel/x86/microcode"), { recursive: true });
  writeFileSync(join(early, "kernel/x86/microcode/GenuineIntel.bin"), "hello");
  const archive = join(recipes, "microcode.cpio");
  const command = 'cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc --quiet > "$2"';
  execFileSync("sh", ["-ec", command, "sh", early, archive]);
  return { recipe: join(recipes, "microcode.yaml"), archive };
}
