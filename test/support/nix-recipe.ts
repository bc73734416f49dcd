/** Where the lab keeps a store that boots: recipes/nix-store.yaml's globs match in it. */
import { labTree } from "./tools.ts";

/** The root above the store. Needs the lab's "nix-stage1". */
export function nixRoot(): string {
  return labTree("nix-stage1");
}
