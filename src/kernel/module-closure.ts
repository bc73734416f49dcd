/**
 * What modules need in turn: those they cannot be loaded without, those that modprobe loads before and after
 * them, those they may ask for once they run. Sources: modprobe.d(5), libkmod-module.c.
 */
import { type ByteString, childOf, type TargetPath } from "../core/path.ts";
import { ProblemCollector } from "../core/problem.ts";
import { infoOf } from "../formats/kmod-module.ts";
import { matchesAlias, moduleNameOf } from "../formats/kmod-names.ts";
import { parseSoftDependency, type SoftDependency } from "../formats/kmod-text.ts";
import type { Catalogue, CatalogueModule } from "./catalogue.ts";
import { dependenciesOf } from "./depmod.ts";
import type { KernelReference, ModuleFacts } from "./kernel.ts";
import type { ModuleLookup } from "./lookup.ts";
import type { ModprobeFile } from "./modprobe-config.ts";
import type { ModuleReader } from "./module-reader.ts";

export interface ModuleClosure {
  /** In the order in which they were found. */
  readonly modules: readonly ModuleFacts[];
  readonly references: readonly KernelReference[];
}

export interface KernelFiles {
  readonly catalogue: Catalogue;
  readonly config: readonly ModprobeFile[];
  readonly lookup: ModuleLookup;
  readonly reader: ModuleReader;
}

/** Throws BuildFailure for a module that is damaged or not there. */
export async function closeModules(
  roots: readonly CatalogueModule[],
  files: KernelFiles,
): Promise<ModuleClosure> {
  const { catalogue, reader } = files;
  const problems = new ProblemCollector();
  const chosen = new Map<CatalogueModule, ModuleFacts>();
  const soft: KernelReference[] = [];
  const queue = new Set(roots);
  for (const module of queue) {
    for (const path of module.needs) {
      const needed = catalogue.modules.get(moduleNameOf(path));
      const at = childOf(catalogue.directory, module.path);
      if (needed === undefined) problems.add({ code: "kernel/dependency-missing", path: at, missing: path });
      else queue.add(needed);
    }
    const facts = await reader.read(module);
    chosen.set(module, facts);
    for (const wish of wishesOf(facts, files.config)) {
      const { modules, through } = files.lookup.find(wish.name);
      for (const wanted of modules) {
        queue.add(wanted);
        if (wanted !== module) soft.push(softReference(wish, through, [module, wanted], catalogue.directory));
      }
    }
  }
  problems.throwIfAny();
  const references = [...hardReferences(chosen, catalogue), ...soft];
  return { modules: [...chosen.values()], references };
}

type KernelEnds = Omit<KernelReference, "reason" | "says" | "found" | "tried">;

interface Wish {
  readonly name: string;
  readonly reason: "softdep" | "weakdep";
  readonly says: string;
  readonly found: string;
}

/** modprobe looks at the first line of soft dependencies and passes by all others, as by words before `pre:`. */
function wishesOf({ name, info }: ModuleFacts, config: readonly ModprobeFile[]): Wish[] {
  const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");
  const lines = config.flatMap((file) => file.lines.map((line) => ({ line, found: file.label })));
  const soft = new Map<string, { readonly dependency: SoftDependency; readonly found: string }>();
  const addSoft = (dependency: SoftDependency, found: string): void => {
    const key = JSON.stringify([dependency.pre, dependency.post, dependency.bare]);
    if (!soft.has(key)) soft.set(key, { dependency, found });
  };
  const wishes: Wish[] = [];
  const addWeak = (names: readonly string[], found: string): void => {
    for (const each of names) wishes.push({ name: each, reason: "weakdep", says: each, found });
  };
  for (const { line, found } of lines) {
    if (line.kind === "softdep" && matchesAlias(line.module, name)) addSoft(line, found);
    if (line.kind === "weakdep" && matchesAlias(line.module, name)) addWeak(line.names, found);
  }
  for (const text of infoOf(info, "softdep")) addSoft(parseSoftDependency(words(text)), "modinfo");
  for (const text of infoOf(info, "weakdep")) addWeak(words(text), "modinfo");
  for (const [index, { dependency, found }] of [...soft.values()].entries()) {
    const reason = index === 0 ? "softdep" : "weakdep";
    for (const each of dependency.pre) wishes.push({ name: each, reason, says: `pre: ${each}`, found });
    for (const each of dependency.post) wishes.push({ name: each, reason, says: `post: ${each}`, found });
    addWeak(dependency.bare, found);
  }
  return wishes;
}

function softReference(
  { reason, says, found }: Wish,
  through: string,
  [from, to]: readonly [CatalogueModule, CatalogueModule],
  directory: TargetPath,
): KernelReference {
  const evidence = through === "" ? found : `${found}, ${through}`;
  return { ...between(from.path, to.path, directory), reason, says, found: evidence, tried: [] };
}

/** As the symbols say; what only modules.dep knows is said of the module itself. */
function hardReferences(
  chosen: ReadonlyMap<CatalogueModule, ModuleFacts>,
  catalogue: Catalogue,
): KernelReference[] {
  const { directory, lists, source } = catalogue;
  const direct = dependenciesOf([...chosen.values()], lists.order);
  const references: KernelReference[] = [];
  for (const [{ needs }, facts] of chosen) {
    const add = (path: TargetPath, found: string): void => {
      const says = moduleNameOf(path) as ByteString;
      references.push({
        ...between(facts.path, path, directory),
        reason: "module-depends",
        says,
        found,
        tried: [],
      });
    };
    const reached = new Set(direct.get(facts)!);
    for (const { path } of reached) add(path, "symbols");
    for (const each of reached) for (const next of direct.get(each)!) reached.add(next);
    const known = new Set(Array.from(reached, ({ path }) => path as string));
    for (const path of needs) if (!known.has(path)) add(path as TargetPath, source);
  }
  return references;
}

function between(from: TargetPath, to: TargetPath, directory: TargetPath): KernelEnds {
  return { from: { kind: "file", path: childOf(directory, from) }, to: childOf(directory, to) };
}
