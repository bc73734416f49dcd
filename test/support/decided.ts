/** What a recipe decides on trees that exist only in a test. */
import { decide } from "../../src/build.ts";
import type { BuildPorts, Decision, Opened } from "../../src/carry-out.ts";
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import type { SourceTrees } from "../../src/graph/trees.ts";
import { memoryHost } from "./memory-host.ts";
import { memoryStore } from "./memory-store.ts";
import { type MemoryFile, memoryTree } from "./memory-tree.ts";
import { specOf } from "./recipes.ts";

export interface DecidedRecipe {
  readonly decision: Decision;
  readonly trees: SourceTrees;
}

type Files = Readonly<Record<string, MemoryFile>>;

/** `store`: what lies in /nix/store, by paths below it. Throws BuildFailure. */
export async function decideRecipe(
  recipe: string,
  sysroot: Files,
  store: Files = {},
): Promise<DecidedRecipe> {
  const host = memoryHost();
  const trees = {
    sysroot: memoryTree("/sysroot", sysroot),
    store: memoryTree("/nix/store", store),
    host: memoryTree("/", {}),
  };
  const ports: BuildPorts = {
    host,
    store: memoryStore(),
    databases: { open: () => null } as never,
    tell: () => {},
    memory: NO_MEMORY,
    timekeeper: null,
    approve: null,
    emitsLayers: false,
    describe: null,
  };
  return {
    decision: await decide(specOf(recipe), { trees } as Pick<Opened, "trees"> as Opened, ports),
    trees,
  };
}
