/** Where a recipe's objects are looked up: the sysroot, and the store with what is known of its references. */
import { type HostPath, hostPathOf, type TargetPath } from "../core/path.ts";
import { DEFAULTS } from "./defaults.ts";
import type { Interpretation } from "./interpret.ts";
import { readHostPath, readTarget } from "./paths.ts";
import type { StoreReferences, StoreSpec } from "./spec.ts";

export function interpretStore(context: Interpretation, sysroot: HostPath): StoreSpec {
  const directory = storeDirectoryOf(context);
  const words = storeWords(context);
  return {
    directory,
    root: hostPathAt("storeRoot", context) ?? hostPathOf(sysroot, directory),
    extent: words.includes("files") ? "files" : "whole",
    isContentPure: words.includes("content-pure"),
    references: referencesOf(context),
  };
}

export function sysrootOf(context: Interpretation): HostPath {
  const said = hostPathAt("sysroot", context);
  return context.input.overrides.sysroot ?? said ?? (DEFAULTS.sysroot as HostPath);
}

function hostPathAt(key: "sysroot" | "storeRoot", { recipe, places, path }: Interpretation): HostPath | null {
  const text = recipe[key];
  if (text === undefined) return null;
  return path(readHostPath(text, places.directoryOf(recipe, key)), recipe, key, key);
}

function storeDirectoryOf({ recipe, path }: Interpretation): TargetPath {
  const { storeDir } = recipe;
  const parsed = readTarget(storeDir ?? DEFAULTS.storeDir);
  const isRoot = "value" in parsed && parsed.value === "";
  return path(isRoot ? { fault: "root" } : parsed, recipe, "storeDir", "storeDir") ?? ("" as TargetPath);
}

function storeWords({ recipe: { store = DEFAULTS.store } }: Interpretation): readonly string[] {
  return typeof store === "string" ? [store] : store;
}

function referencesOf(context: Interpretation): StoreReferences {
  const { recipe, places, path, report } = context;
  const closure = recipe.closure;
  const said = closure?.references;
  if (closure === undefined || said === undefined || said === "scan") return { from: "scan" };
  const at = places.ofKey(closure, "references");
  if (storeWords(context).includes("files")) report({ code: "spec/references-of-files", at });
  if (said === "nix") return { from: "nix", at };
  if ("database" in said) {
    const database = path(
      readHostPath(said.database, places.directoryOf(said, "database")),
      said,
      "database",
      "closure.references.database",
    );
    return database === null ? { from: "scan" } : { from: "database", database, at };
  }
  const files = said.files.flatMap((text, index) => {
    const read = readHostPath(text, places.directoryOf(said.files, index));
    return path(read, said.files, index, "closure.references.files") ?? [];
  });
  return { from: "files", files, at };
}
