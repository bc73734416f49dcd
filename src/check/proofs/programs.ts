/**
 * Whether every program of the image would be loaded: its machine, its loader, and all libraries that this loader insists on.
 * Sources: linux fs/binfmt_elf.c, glibc elf/rtld.c; the rules of the search are those of graph/loader.
 */
import { archOf, type ElfMachine } from "../../core/arch.ts";
import { type ByteString, byteString, nameOf, showBytes, type TargetPath } from "../../core/path.ts";
import { type ElfFile, ET_DYN, ET_EXEC } from "../../formats/elf.ts";
import type { KernelMachine } from "../../formats/kernel-image.ts";
import type { LoadedLibrary, LoadedProgram } from "../../graph/loader/load-program.ts";
import { isKernelFor } from "../../kernel/machines.ts";
import { readWhole } from "../../trees/read-file.ts";
import type { InterpreterTrouble, ProgramFinding } from "../findings/programs.ts";
import { Troubles } from "./sharing.ts";
import { isExecutable, LOADER_CACHE, type Subject } from "./subject.ts";

export interface Program {
  readonly path: TargetPath;
  readonly elf: ElfFile;
}

type Missing = Omit<Extract<ProgramFinding, { code: "check/library-missing" }>, "count" | "paths">;
type Broken = Omit<Extract<ProgramFinding, { code: "check/library-broken" }>, "count" | "paths">;

export function provePrograms(subject: Subject): ProgramFinding[] {
  const { programs, libraries } = elfFilesOf(subject);
  const loaders = new Troubles<{
    code: "check/program-loader";
    interpreter: ByteString;
    trouble: InterpreterTrouble;
  }>();
  const troubles = new Troubles<Missing | Broken>();
  const plugins = new Troubles<{ code: "check/plugin-library"; soname: ByteString }>();
  const judge = new LibraryJudge(subject);
  const seen = new Set<TargetPath>();
  for (const { path, elf } of programs) {
    const loaded = subject.loader.load(path, elf);
    const loader = troubleOfLoader(loaded, subject);
    if (loader !== null) loaders.add({ code: "check/program-loader", ...loader }, path);
    const missed = judge.troublesOf(loaded, seen);
    // Whoever misses the loader misses its libraries as well.
    if (loader === null) for (const trouble of missed) troubles.add(trouble, path);
  }
  for (const { path, elf } of libraries.filter(({ path }) => !seen.has(path))) {
    for (const trouble of judge.troublesOf(subject.loader.load(path, elf), new Set())) {
      if (trouble.code === "check/library-missing")
        plugins.add({ code: "check/plugin-library", soname: trouble.soname }, path);
    }
  }
  return [...loaders.findings(), ...troubles.findings(), ...plugins.findings()];
}

/** Those that a kernel starts, and those that others load. */
export function elfFilesOf({ files, kindOf }: Subject): {
  readonly programs: readonly Program[];
  readonly libraries: readonly Program[];
} {
  const programs: Program[] = [];
  const libraries: Program[] = [];
  for (const { path, facts } of files) {
    const kind = kindOf(path);
    if (kind.kind !== "elf") continue;
    const { elf } = kind;
    const isProgram = elf.type === ET_EXEC || (elf.type === ET_DYN && elf.interpreter !== null);
    if (isProgram && isExecutable(facts)) programs.push({ path, elf });
    else if (elf.type === ET_DYN && elf.isDynamic && elf.interpreter === null) libraries.push({ path, elf });
  }
  return { programs, libraries };
}

function troubleOfLoader(
  { interpreter, machine }: LoadedProgram,
  { kindOf }: Subject,
): { readonly interpreter: ByteString; readonly trouble: InterpreterTrouble } | null {
  if (interpreter === null) return null;
  const { asked, resolved } = interpreter;
  const { facts, path } = resolved;
  const is = (trouble: InterpreterTrouble) => ({ interpreter: asked, trouble });
  if (facts === null) return is("absent");
  if (facts.kind !== "file" || !isExecutable(facts)) return is("not-executable");
  const kind = kindOf(path);
  if (kind.kind !== "elf") return is("no-program");
  const { elf } = kind;
  return elf.machine.machine === machine.machine && elf.machine.bits === machine.bits ? null : is("foreign");
}

class LibraryJudge {
  /** The loader's cache as text: a library that only it leads to must stand in it. Null: there is none. */
  readonly #cache: string | null;

  constructor({ paths, tree }: Subject) {
    const { facts, path } = paths.resolve(LOADER_CACHE);
    this.#cache = facts?.kind === "file" ? byteString(readWhole(tree, path)) : null;
  }

  /** Libraries that were found are added to `seen`. */
  troublesOf({ libraries }: LoadedProgram, seen: Set<TargetPath>): (Missing | Broken)[] {
    return libraries.flatMap((library) => this.#judge(library, seen));
  }

  #judge({ soname, isOptional, outcome }: LoadedLibrary, seen: Set<TargetPath>): (Missing | Broken)[] {
    const missing = (passedBy: readonly string[]): Missing[] =>
      isOptional ? [] : [{ code: "check/library-missing", soname, passedBy }];
    switch (outcome.kind) {
      case "missing":
        return missing(outcome.skipped);
      case "fatal":
        return [{ code: "check/library-broken", library: outcome.path, why: outcome.why }];
      case "found": {
        seen.add(outcome.resolved.path);
        const isKnown =
          !outcome.needsCache || (this.#cache?.includes(`/${nameOf(outcome.foundAt)}\0`) ?? true);
        return isKnown ? [] : missing([`${showBytes(outcome.foundAt)} is not in ${LOADER_CACHE}`]);
      }
    }
  }
}

/** Programs that the kernel cannot run, since they are for another machine, or are none. */
export function proveMachines(subject: Subject, wanted: KernelMachine | null): ProgramFinding[] {
  const { files, kindOf } = subject;
  const { programs } = elfFilesOf(subject);
  const foreign = new Troubles<{ code: "check/program-foreign"; machine: string; wanted: string }>();
  const broken = new Troubles<{ code: "check/program-broken"; why: string }>();
  for (const { path, elf } of programs) {
    if (wanted === null || isKernelFor(wanted, elf.machine)) continue;
    const names = { machine: machineName(elf.machine), wanted: machineName({ ...wanted, flags: 0 }) };
    foreign.add({ code: "check/program-foreign", ...names }, path);
  }
  for (const { path, facts } of files.filter(({ facts }) => isExecutable(facts))) {
    const kind = kindOf(path);
    // The loader tells of libraries itself, where something needs them.
    if (kind.kind === "broken-elf" && !nameOf(path).includes(".so") && facts.size > 0)
      broken.add({ code: "check/program-broken", why: kind.why }, path);
  }
  return [...foreign.findings(), ...broken.findings()];
}

/** A kernel of 64 bits runs programs of 32, not the other way round: so the larger one counts where both are there. */
export function machineOfPrograms(programs: readonly Program[]): ElfMachine | null {
  const counts = new Map<string, { machine: ElfMachine; count: number }>();
  for (const { elf } of programs) {
    const { machine, bits, endian } = elf.machine;
    const known = counts.get(`${machine} ${bits} ${endian}`) ?? { machine: elf.machine, count: 0 };
    counts.set(`${machine} ${bits} ${endian}`, { ...known, count: known.count + 1 });
  }
  const [most] = [...counts.values()].sort((a, b) => b.count - a.count);
  if (most === undefined) return null;
  const larger = [...counts.values()].find(
    ({ machine }) => machine.bits > most.machine.bits && isKernelFor(machine, most.machine),
  );
  return (larger ?? most).machine;
}

export function machineName(machine: ElfMachine): string {
  return archOf(machine)?.name ?? `machine ${machine.machine}`;
}
