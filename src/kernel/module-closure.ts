/**
 * What modules need in turn: those they cannot be loaded without, those that modprobe loads before and after
 * them, those they may ask for once they run, and what modprobe.d says of each.
 */
import { type ByteString, childOf, type TargetPath } from "../core/path.ts";
import { ProblemCollector } from "../core/problem.ts";
import type { KernelWarning } from "../core/warning.ts";
import { readModprobeCommand } from "../formats/kmod-command.ts";
import { moduleNameOf } from "../formats/kmod-names.ts";
import type { Catalogue, CatalogueModule } from "./catalogue.ts";
import { dependenciesOf } from "./depmod.ts";
import type { KernelCommand, KernelReason, KernelReference, ModuleFacts } from "./kernel.ts";
import type { Found, ModuleLookup } from "./lookup.ts";
import {
  type ConfiguredCommand,
  commandOf,
  type ModprobeFile,
  mentionOf,
  showLine,
} from "./modprobe-config.ts";
import type { ModuleReader } from "./module-reader.ts";
import { wishesOf } from "./soft-dependencies.ts";

export interface ModuleClosure {
  /** In the order in which they were found. */
  readonly modules: readonly ModuleFacts[];
  readonly references: readonly KernelReference[];
  readonly commands: readonly KernelCommand[];
  readonly warnings: readonly KernelWarning[];
}

export interface KernelFiles {
  readonly catalogue: Catalogue;
  readonly config: readonly ModprobeFile[];
  readonly lookup: ModuleLookup;
  readonly reader: ModuleReader;
}

/** Throws BuildFailure for a module that is damaged or not there. */
export async function closeModules(roots: readonly Found[], files: KernelFiles): Promise<ModuleClosure> {
  const growing = new GrowingClosure(files);
  for (const { modules, command } of roots) {
    growing.want(modules);
    if (command !== null) growing.addCommand(command);
  }
  return growing.close();
}

class GrowingClosure {
  readonly #files: KernelFiles;
  readonly #queue = new Set<CatalogueModule>();
  readonly #soft: KernelReference[] = [];
  readonly #commands = new Map<ConfiguredCommand["line"], KernelCommand>();
  readonly #warnings: KernelWarning[] = [];

  constructor(files: KernelFiles) {
    this.#files = files;
  }

  want(modules: readonly CatalogueModule[]): void {
    for (const module of modules) this.#queue.add(module);
  }

  async close(): Promise<ModuleClosure> {
    const { catalogue, config, reader } = this.#files;
    const problems = new ProblemCollector();
    const chosen = new Map<CatalogueModule, ModuleFacts>();
    for (const module of this.#queue) {
      for (const path of module.needs) {
        const needed = catalogue.modules.get(moduleNameOf(path));
        const at = this.#placeOf(module);
        if (needed === undefined)
          problems.add({ code: "kernel/dependency-missing", path: at, missing: path });
        else this.#queue.add(needed);
      }
      const facts = await reader.read(module);
      chosen.set(module, facts);
      this.#addConfiguration(module);
      for (const { name, reason, says, found } of wishesOf(facts, config))
        this.#follow(name, this.#placeOf(module), { reason, says, found });
    }
    problems.throwIfAny();
    const references = [...hardReferences(chosen, catalogue), ...this.#soft];
    const commands = [...this.#commands.values()];
    return { modules: [...chosen.values()], references, commands, warnings: this.#warnings };
  }

  /** The files of modprobe.d that say something of a module, and what they have run for it. */
  #addConfiguration(module: CatalogueModule): void {
    const { config } = this.#files;
    for (const file of config) {
      const says = file.isConfigured ? mentionOf(file, module.name) : null;
      if (says === null) continue;
      const from = { kind: "file", path: this.#placeOf(module) } as const;
      this.#soft.push({ from, to: file.path, reason: "modprobe-config", says, found: "", tried: [] });
    }
    for (const kind of ["install", "remove"] as const) {
      const command = commandOf(config, kind, module.name);
      if (command !== null) this.addCommand(command, module.name);
    }
  }

  /** What a line has run, and the modules that it has loaded. */
  addCommand({ file, line }: ConfiguredCommand, module: string = line.module): void {
    const { programs, modules, isPlain, isInert } = readModprobeCommand(line.command);
    const shown = showLine(line);
    const warn = (code: "kernel/module-disabled" | "kernel/modprobe-command"): void => {
      this.#warnings.push({ code, module, configuration: file.label, line: shown });
    };
    if (line.kind === "install" && isInert) warn("kernel/module-disabled");
    if (this.#commands.has(line)) return;
    if (!isPlain) warn("kernel/modprobe-command");
    this.#commands.set(line, { from: file.path, line: shown, programs: programs as ByteString[] });
    if (line.kind === "remove") return;
    for (const name of modules)
      this.#follow(name, file.path, { reason: "modprobe-command", says: shown, found: file.label });
  }

  /** A name that is asked for without being needed: nothing is wrong where it leads to nothing. */
  #follow(name: string, from: TargetPath, why: Pick<KernelReference, "reason" | "says" | "found">): void {
    const { modules, command, through } = this.#files.lookup.find(name);
    const found = through === "" ? why.found : `${why.found}, ${through}`;
    const add = (to: TargetPath): void => {
      if (to !== from) this.#soft.push({ from: { kind: "file", path: from }, to, ...why, found, tried: [] });
    };
    this.want(modules);
    for (const wanted of modules) add(this.#placeOf(wanted));
    if (command === null) return;
    add(command.file.path);
    this.addCommand(command);
  }

  #placeOf({ path }: CatalogueModule): TargetPath {
    return childOf(this.#files.catalogue.directory, path);
  }
}

/** As the symbols say; what only modules.dep knows is said of the module itself. */
function hardReferences(
  chosen: ReadonlyMap<CatalogueModule, ModuleFacts>,
  { directory, lists, source }: Catalogue,
): KernelReference[] {
  const direct = dependenciesOf([...chosen.values()], lists.order);
  const references: KernelReference[] = [];
  for (const [{ needs }, facts] of chosen) {
    const from = { kind: "file", path: childOf(directory, facts.path) } as const;
    const reason: KernelReason = "module-depends";
    const add = (path: TargetPath, found: string): void => {
      const to = childOf(directory, path);
      references.push({ from, to, reason, says: moduleNameOf(path), found, tried: [] });
    };
    const reached = new Set(direct.get(facts)!);
    for (const { path } of reached) add(path, "symbols");
    for (const each of reached) for (const next of direct.get(each)!) reached.add(next);
    const known = new Set(Array.from(reached, ({ path }) => path as string));
    for (const path of needs) if (!known.has(path)) add(path as TargetPath, source);
  }
  return references;
}
