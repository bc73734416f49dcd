/** A recipe's `kernel`: from its names to all files that the image needs of a kernel's modules. */
import { childOf, showPath, type TargetPath } from "../core/path.ts";
import type { InputMemory, Progress, Tree } from "../core/ports.ts";
import { BuildFailure, ProblemCollector } from "../core/problem.ts";
import type { KernelWarning } from "../core/warning.ts";
import { FormatError } from "../formats/format-error.ts";
import { nearestOf } from "../spec/nearest.ts";
import type { KernelSpec } from "../spec/spec.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { type Catalogue, type CatalogueModule, readCatalogue } from "./catalogue.ts";
import { type Choice, chooseModules } from "./choose.ts";
import { moduleIndexes } from "./depmod.ts";
import { FirmwareSearch } from "./firmware.ts";
import type {
  KernelContents,
  KernelIndex,
  KernelMachine,
  KernelReference,
  KernelReferrer,
} from "./kernel.ts";
import { firmwareSupport } from "./kernel-config.ts";
import { kernelFirmware } from "./kernel-firmware.ts";
import { type KernelDirectory, pickVersion } from "./kernel-version.ts";
import { ModuleLookup } from "./lookup.ts";
import { readModprobeConfig } from "./modprobe-config.ts";
import { closeModules, type ModuleClosure } from "./module-closure.ts";
import { ModuleReader } from "./module-reader.ts";

export interface KernelPorts {
  /** What earlier builds learned of the modules. */
  readonly memory: InputMemory;
  readonly tell: Progress;
}

/** Throws BuildFailure with all names that lead to nothing, or all that is wrong with what they lead to. */
export async function readKernel(
  spec: KernelSpec,
  sysroot: Tree,
  { memory, tell }: KernelPorts,
): Promise<KernelContents> {
  const paths = new PathResolver(sysroot);
  const kernel = pickVersion(spec, paths);
  const { directory, version } = kernel;
  const reader = new ModuleReader(paths, directory, memory);
  const catalogue = await readCatalogue(paths, kernel, { reader, tell });
  const config = readModprobeConfig(paths, directory, { isConfigured: spec.modprobe });
  const lookup = new ModuleLookup(catalogue, config);
  const named = nameModules(spec, kernel, catalogue, lookup);
  const roots = named.map(({ choice }) => choice);
  const closure = await closeModules(roots, { catalogue, config, lookup, reader });
  const search = new FirmwareSearch(paths, version, firmwareSupport(paths, kernel));
  const firmware = kernelFirmware(spec, catalogue, closure.modules, search);
  if (firmware.problems.length > 0) throw new BuildFailure(firmware.problems);
  return {
    version,
    directory,
    references: [
      ...named.flatMap((each) => namedReferences(each, directory)),
      ...closure.references,
      ...firmware.references,
      ...listReferences(spec, catalogue, paths),
    ],
    machines: machinesOf(closure, directory),
    commands: closure.commands,
    indexes: writeIndexes(closure, catalogue),
    warnings: [...lint(named, closure, directory), ...closure.warnings, ...firmware.warnings],
  };
}

interface NamedModules {
  readonly from: KernelReferrer & { readonly kind: "recipe" };
  readonly word: string;
  readonly choice: Choice;
}

function nameModules(
  spec: KernelSpec,
  { directory, version, written }: KernelDirectory,
  catalogue: Catalogue,
  lookup: ModuleLookup,
): NamedModules[] {
  const problems = new ProblemCollector();
  const named = spec.modules.map(({ word, at }, index): NamedModules => {
    const choice = chooseModules(word, catalogue, lookup, [directory, written]);
    const { modules, builtin, command, blacklisted } = choice;
    if (modules.length === 0 && builtin.length === 0 && command === null) {
      const nearest = nearestOf(word, [...catalogue.modules.keys(), ...catalogue.builtins.keys()]);
      problems.add({
        code: "kernel/module-not-found",
        at,
        module: word,
        nearest,
        version,
        tree: showPath(directory),
        blacklisted,
      });
    }
    return { from: { kind: "recipe", place: `modules/${index}`, at }, word, choice };
  });
  problems.throwIfAny();
  return named;
}

function namedReferences({ from, word, choice }: NamedModules, directory: TargetPath): KernelReference[] {
  const { modules, command, through } = choice;
  const places = modules.map(({ path }) => childOf(directory, path));
  if (command !== null) places.push(command.file.path);
  return places.map((to) => ({ from, to, reason: "named", says: word, found: through, tried: [] }));
}

function machinesOf({ modules }: ModuleClosure, directory: TargetPath): KernelMachine[] {
  const byMachine = new Map<string, KernelMachine>();
  for (const { path, machine } of modules) {
    const { machine: number, bits, endian } = machine;
    const key = `${number} ${bits} ${endian}`;
    if (!byMachine.has(key)) byMachine.set(key, { path: childOf(directory, path), machine });
  }
  return [...byMachine.values()];
}

/** What the kernel's build wrote: modprobe and depmod read it as it is. */
function listReferences(
  { at }: KernelSpec,
  { directory }: Catalogue,
  paths: PathResolver,
): KernelReference[] {
  const from: KernelReferrer = { kind: "recipe", place: "", at };
  return ["modules.builtin", "modules.builtin.modinfo", "modules.order"].flatMap(
    (name): KernelReference[] => {
      const to = childOf(directory, name);
      if (paths.resolve(to).facts?.kind !== "file") return [];
      return [{ from, to, reason: "module-index", says: name, found: "", tried: [] }];
    },
  );
}

function writeIndexes({ modules }: ModuleClosure, { directory, lists }: Catalogue): KernelIndex[] {
  try {
    const output = moduleIndexes(modules, lists);
    if (output.kind === "cycle")
      throw new BuildFailure([{ code: "kernel/dependency-cycle", modules: output.modules }]);
    return Array.from(output.files, ([name, bytes]) => ({ path: childOf(directory, name), bytes }));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new BuildFailure([{ code: "kernel/bad-index", path: directory, why: error.message }]);
  }
}

/** Items of the recipe that could go: a module that has no file, and one that comes anyway. */
function lint(
  named: readonly NamedModules[],
  { references }: ModuleClosure,
  directory: TargetPath,
): KernelWarning[] {
  const users = new Map<TargetPath, TargetPath>();
  for (const { reason, from, to } of references) {
    if (reason === "module-depends" && from.kind === "file" && !users.has(to)) users.set(to, from.path);
  }
  const seen = new Map<CatalogueModule, string>();
  return named.flatMap(({ from: { at }, word, choice }): KernelWarning[] => {
    const { modules, builtin, command, isMany } = choice;
    const first = modules[0];
    if (isMany || command !== null) return [];
    if (first === undefined) return [{ code: "kernel/built-in", at, module: word, builtin: [...builtin] }];
    const other = seen.get(first);
    seen.set(first, word);
    const user = users.get(childOf(directory, first.path));
    const by = other ?? (user === undefined ? null : showPath(user));
    return modules.length === 1 && by !== null ? [{ code: "kernel/implied", at, module: word, by }] : [];
  });
}
