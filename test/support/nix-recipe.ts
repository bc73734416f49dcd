/** The Nix recipe, with the store paths that it shows as examples put right for the lab's own store. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RECIPES } from "./initgraph.ts";
import { labTree } from "./tools.ts";

/** The root above the lab's bootable store. Needs the lab's "nix-stage1". */
export function nixRoot(): string {
  return labTree("nix-stage1");
}

/** @returns the recipe's copy in `scratch`. */
export function nixRecipe(scratch: string): string {
  const stored = readdirSync(join(nixRoot(), "nix/store"));
  const recipe = readFileSync(join(RECIPES, "nix-store.yaml"), "utf8");
  const mended = recipe.replace(
    /object: \/nix\/store\/\w{32}(-stage-1-init|-busybox)\S*/g,
    (_, name: string) => {
      return `object: /nix/store/${stored.find((path) => path.endsWith(name))}`;
    },
  );
  const path = join(scratch, "nix-store.yaml");
  writeFileSync(path, mended);
  return path;
}
