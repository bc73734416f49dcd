/**
 * The module files of a kernel. Of several with one name depmod takes one: as depmod.d says, else that of
 * `updates`. Sources: depmod.d(5), kmod tools/depmod.c (depmod_module_is_higher_priority).
 */
import { compareBytes } from "../core/order.ts";
import { childOf, nameOf, ROOT, type TargetPath } from "../core/path.ts";
import { moduleCompressionOf, moduleNameOf } from "../formats/kmod-names.ts";
import { wrappedLines } from "../formats/kmod-text.ts";
import { readText } from "../trees/read-file.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import { configurationFiles } from "./modprobe-config.ts";

interface DepmodConfig {
  /** Directories, the first to count most; `built-in` stands for all that are not named. */
  readonly search: readonly string[];
  /** Modules that are taken whatever `search` says, the last to count most: `extra/e1000`. */
  readonly overrides: readonly string[];
  /** Names of directories that are not looked into. */
  readonly excludes: ReadonlySet<string>;
}

/** All module files by name, below the directory of the modules; the one that counts stands first. */
export function moduleFiles(
  resolver: PathResolver,
  directory: TargetPath,
  version: string,
): Map<string, readonly TargetPath[]> {
  const config = readDepmodConfig(resolver, version);
  const byName = new Map<string, TargetPath[]>();
  for (const path of filesBelow(resolver, directory, config.excludes)) {
    const name = moduleNameOf(path);
    const same = byName.get(name) ?? [];
    byName.set(name, same);
    same.push(path);
  }
  for (const same of byName.values()) same.sort((a, b) => rankOf(a, config) - rankOf(b, config));
  return byName;
}

/** In byte order: of equals depmod takes whichever its disk gives first, or last. */
function filesBelow(
  resolver: PathResolver,
  directory: TargetPath,
  excludes: ReadonlySet<string>,
): TargetPath[] {
  const paths: TargetPath[] = [];
  const todo = [ROOT];
  for (let below = todo.pop(); below !== undefined; below = todo.pop()) {
    for (const name of resolver.tree.list(below === ROOT ? directory : childOf(directory, below))) {
      if (name === "build" || name === "source" || excludes.has(name)) continue;
      const path = childOf(below, name);
      const kind = resolver.stat(childOf(directory, path))?.kind;
      if (kind === "directory") todo.push(path);
      else if (moduleCompressionOf(name) === null) continue;
      // a driver from elsewhere may be linked in
      else if (resolver.resolve(childOf(directory, path)).facts?.kind === "file") paths.push(path);
    }
  }
  return paths.sort(compareBytes);
}

/** The lowest counts. What stands in no named directory is `built-in`, and last where even that is not named. */
function rankOf(path: TargetPath, { search, overrides }: DepmodConfig): number {
  const base = nameOf(path);
  const plain = path.slice(0, path.length - base.length) + base.slice(0, base.indexOf("."));
  const override = overrides.lastIndexOf(plain);
  if (override !== -1) return -1 - override;
  const named = search.findIndex((each) => each !== BUILT_IN && path.startsWith(`${each}/`));
  const rank = named === -1 ? search.indexOf(BUILT_IN) : named;
  return rank === -1 ? search.length : rank;
}

const BUILT_IN = "built-in";

/** As `depmod -b` would with the configuration of the tree; `external` directories lie outside, and are passed by. */
function readDepmodConfig(resolver: PathResolver, version: string): DepmodConfig {
  const search: string[] = [];
  const overrides: string[] = [];
  const excludes = new Set<string>();
  for (const path of configurationFiles(resolver, "depmod.d")) {
    for (const line of wrappedLines(readText(resolver, path) ?? "")) {
      const [word, ...rest] = line.split(/[ \t]+/).filter((part) => part !== "");
      if (word === "search") search.push(...rest);
      else if (word === "exclude") for (const name of rest) excludes.add(name);
      else if (word === "override" && rest.length >= 3 && isForKernel(rest[1]!, version))
        overrides.push(`${rest[2]}/${rest[0]}`);
    }
  }
  if (search.length === 0) search.push("updates");
  return { search, overrides, excludes };
}

/** A regular expression, as grep -E knows it; `*` alone is every kernel. */
function isForKernel(pattern: string, version: string): boolean {
  if (pattern === "*") return true;
  try {
    return new RegExp(pattern).test(version);
  } catch {
    return false; // depmod passes by what it cannot read
  }
}
