/**
 * All modules of a kernel: where each lies, what it needs, under which aliases it goes. From depmod's files
 * where they fit the tree; else from the modules themselves, as depmod would find it.
 */
import { compareBytes } from "../core/order.ts";
import { type ByteString, childOf, ROOT, type TargetPath } from "../core/path.ts";
import { infoOf } from "../formats/kmod-module.ts";
import { moduleCompressionOf, moduleNameOf } from "../formats/kmod-names.ts";
import {
  type ModInfo,
  parseBuiltinModinfo,
  parseModprobeLines,
  parseModulesBuiltin,
  parseModulesDep,
} from "../formats/kmod-text.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import { AliasTable } from "./aliases.ts";
import { type BuildLists, builtinAliases, dependenciesOf } from "./depmod.ts";
import type { ModuleFile } from "./kernel.ts";
import { type ModuleReader, readText } from "./module-reader.ts";

export interface Catalogue {
  readonly directory: TargetPath;
  readonly lists: BuildLists;
  /** By name. */
  readonly modules: ReadonlyMap<string, CatalogueModule>;
  readonly aliases: AliasTable;
  readonly builtins: ReadonlyMap<string, ModInfo>;
  readonly builtinAliases: AliasTable;
  /** Which file the dependencies come from, for people. */
  readonly source: string;
}

export interface CatalogueModule extends ModuleFile {
  /** Paths below the directory, all that it needs, or directly: the closure is the same. */
  readonly needs: readonly string[];
}

/** Throws BuildFailure for a module that cannot be read. */
export async function readCatalogue(
  paths: PathResolver,
  directory: TargetPath,
  reader: ModuleReader,
): Promise<Catalogue> {
  const text = (name: string): string | null => readText(paths, childOf(directory, name));
  const lists = {
    order: text("modules.order"),
    builtin: text("modules.builtin"),
    builtinModinfo: text("modules.builtin.modinfo"),
  };
  const files = moduleFiles(paths, directory);
  const found =
    fromDepmod(text("modules.dep"), text("modules.alias"), files) ??
    (await fromModules(files, lists, reader));
  const builtins = parseBuiltinModinfo(lists.builtinModinfo ?? "");
  for (const name of parseModulesBuiltin(lists.builtin ?? ""))
    if (!builtins.has(name)) builtins.set(name, []);
  const aliases = new AliasTable();
  for (const { alias, module } of builtinAliases(lists.builtinModinfo ?? "")) aliases.add(alias, module);
  return { directory, lists, builtins, builtinAliases: aliases, ...found };
}

type Found = Pick<Catalogue, "modules" | "aliases" | "source">;

/** Null where depmod's files are not there, or know other modules than the tree has: they are stale then. */
function fromDepmod(
  dep: string | null,
  alias: string | null,
  files: ReadonlyMap<string, readonly TargetPath[]>,
): Found | null {
  if (dep === null || alias === null) return null;
  const modules = new Map<string, CatalogueModule>();
  for (const [path, needs] of parseModulesDep(dep)) {
    const name = moduleNameOf(path);
    if (!files.get(name)?.some((each) => each === path)) return null;
    modules.set(name, { name, path: path as TargetPath, needs });
  }
  if (modules.size !== files.size) return null;
  const aliases = new AliasTable();
  for (const line of parseModprobeLines(alias))
    if (line.kind === "alias") aliases.add(line.pattern, line.module);
  return { modules, aliases, source: "modules.dep" };
}

async function fromModules(
  files: ReadonlyMap<string, readonly TargetPath[]>,
  lists: BuildLists,
  reader: ModuleReader,
): Promise<Found> {
  const facts = [];
  for (const [name, paths] of files)
    facts.push(await reader.read({ name: name as ByteString, path: paths[0]! }));
  const modules = new Map<string, CatalogueModule>();
  for (const [{ name, path }, needs] of dependenciesOf(facts, lists.order)) {
    modules.set(name, { name, path, needs: needs.map((each) => each.path) });
  }
  const aliases = new AliasTable();
  for (const { name, info } of facts) for (const alias of infoOf(info, "alias")) aliases.add(alias, name);
  return { modules, aliases, source: "the symbols of the modules" };
}

/** All module files by name, those of `updates` first: depmod's own search order without a configuration. */
function moduleFiles(resolver: PathResolver, directory: TargetPath): Map<string, readonly TargetPath[]> {
  const paths: TargetPath[] = [];
  const todo = [ROOT];
  for (let below = todo.pop(); below !== undefined; below = todo.pop()) {
    for (const name of resolver.tree.list(below === ROOT ? directory : childOf(directory, below))) {
      if (name === "build" || name === "source") continue;
      const path = childOf(below, name);
      const kind = resolver.stat(childOf(directory, path))?.kind;
      if (kind === "directory") todo.push(path);
      else if (moduleCompressionOf(name) === null) continue;
      // a driver from elsewhere may be linked in
      else if (resolver.resolve(childOf(directory, path)).facts?.kind === "file") paths.push(path);
    }
  }
  const order = (path: string): number => (path.startsWith("updates/") ? 0 : 1);
  paths.sort((a, b) => order(a) - order(b) || compareBytes(a, b));
  const byName = new Map<string, TargetPath[]>();
  for (const path of paths) {
    const name = moduleNameOf(path);
    const same = byName.get(name) ?? [];
    byName.set(name, same);
    same.push(path);
  }
  return byName;
}
