/**
 * All modules of a kernel: where each lies, what it needs, under which aliases it goes. From depmod's files
 * where they fit the tree; else from the modules themselves, as depmod would find it.
 */
import { type ByteString, childOf, type TargetPath } from "../core/path.ts";
import type { Progress } from "../core/ports.ts";
import { infoOf } from "../formats/kmod-module.ts";
import { moduleNameOf } from "../formats/kmod-names.ts";
import {
  type ModInfo,
  parseBuiltinModinfo,
  parseModprobeLines,
  parseModulesBuiltin,
  parseModulesDep,
} from "../formats/kmod-text.ts";
import { readText } from "../trees/read-file.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import { AliasTable } from "./aliases.ts";
import { type BuildLists, builtinAliases, dependenciesOf } from "./depmod.ts";
import type { ModuleFacts, ModuleFile } from "./kernel.ts";
import type { KernelDirectory } from "./kernel-version.ts";
import { moduleFiles } from "./module-files.ts";
import type { ModuleReader } from "./module-reader.ts";

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

export interface ModuleReading {
  readonly reader: ModuleReader;
  readonly tell: Progress;
}

/** Throws BuildFailure for a module that cannot be read. */
export async function readCatalogue(
  paths: PathResolver,
  { directory, version }: KernelDirectory,
  reading: ModuleReading,
): Promise<Catalogue> {
  const text = (name: string): string | null => readText(paths, childOf(directory, name));
  const lists = {
    order: text("modules.order"),
    builtin: text("modules.builtin"),
    builtinModinfo: text("modules.builtin.modinfo"),
  };
  const files = moduleFiles(paths, directory, version);
  const found =
    fromDepmod(text("modules.dep"), text("modules.alias"), files) ??
    (await fromModules(files, lists, reading));
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
  { reader, tell }: ModuleReading,
): Promise<Found> {
  const facts: ModuleFacts[] = [];
  for (const [name, paths] of files) {
    facts.push(await reader.read({ name: name as ByteString, path: paths[0]! }));
    tell({ step: "modules", done: facts.length, total: files.size });
  }
  const modules = new Map<string, CatalogueModule>();
  for (const [{ name, path }, needs] of dependenciesOf(facts, lists.order)) {
    modules.set(name, { name, path, needs: needs.map((each) => each.path) });
  }
  const aliases = new AliasTable();
  for (const { name, info } of facts) for (const alias of infoOf(info, "alias")) aliases.add(alias, name);
  return { modules, aliases, source: "the symbols of the modules" };
}
