/** What an item of `kernel.modules` names: a module, an alias, a path, a directory, or a glob over any of these. */
import picomatch from "picomatch";
import type { TargetPath } from "../core/path.ts";
import { matchesAlias, normalizeAlias, plainModulePath } from "../formats/kmod-names.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Found, type ModuleLookup, NOTHING } from "./lookup.ts";

export interface Choice extends Found {
  /** Whether it may name several on purpose: then nothing is said of each. */
  readonly isMany: boolean;
  /** Modules that an alias stands for and modprobe.d forbids, for people. */
  readonly blacklisted: readonly string[];
}

const MAGIC = /[*?[{]/;

/** `directory` is where the modules lie as the recipe may write it: with and without the links that lead there. */
export function chooseModules(
  word: string,
  catalogue: Catalogue,
  lookup: ModuleLookup,
  directories: readonly TargetPath[],
): Choice {
  const isAlias = word.includes(":");
  const many = { isMany: true, blacklisted: [] };
  if (word.includes("/") && !isAlias) return { ...choosePaths(word, catalogue, directories), ...many };
  if (!MAGIC.test(word)) return { ...lookup.findAsked(word), isMany: false };
  if (!isAlias) return { ...chooseNames(word, catalogue), ...many };
  const exact = lookup.findAsked(word);
  if (exact.modules.length > 0) return { ...exact, isMany: true };
  const pattern = normalizeAlias(word) ?? word;
  const modules = catalogue.aliases.findByGlob(pattern).flatMap((name) => catalogue.modules.get(name) ?? []);
  const builtin = catalogue.builtinAliases.findByGlob(pattern);
  return { ...NOTHING, modules, builtin, through: `aliases like ${word}`, ...many };
}

function chooseNames(glob: string, { modules, builtins }: Catalogue): Found {
  const pattern = glob.replaceAll("-", "_");
  const matches = /[{]/.test(pattern) ? picomatch(pattern) : (name: string) => matchesAlias(pattern, name);
  return {
    ...NOTHING,
    modules: [...modules.values()].filter(({ name }) => matches(name)),
    builtin: [...builtins.keys()].filter((name) => matches(name)),
    through: `names like ${glob}`,
  };
}

/** Paths are seen from the directory of the modules; `.ko` stands for a packed module too. */
function choosePaths(word: string, { modules }: Catalogue, directories: readonly TargetPath[]): Found {
  const path = belowModules(word.replace(/\/+$/, ""), directories);
  const matches = MAGIC.test(path)
    ? picomatch(path)
    : (each: string) => each === path || each.startsWith(`${path}/`);
  const found = [...modules.values()].filter(
    (module) => matches(module.path) || matches(plainModulePath(module.path)),
  );
  return { ...NOTHING, modules: found, through: word };
}

function belowModules(word: string, directories: readonly TargetPath[]): string {
  const plain = word.replace(/^\/+/, "");
  const above = directories.find((directory) => plain.startsWith(`${directory}/`));
  return above === undefined ? plain : plain.slice(above.length + 1);
}
