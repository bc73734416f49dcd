/**
 * The directories a loader searches when nobody named one. glibc builds them into the loader as a run of texts
 * ("/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0"), each distribution its own, so
 * they are read from the loader of the tree; a table stands in where there is none.
 * Sources: glibc elf/dl-load.c (system_dirs), elf/gen-trusted-dirs.awk, sysdeps/.../shlib-versions.
 */
import { archOf, type ElfMachine } from "../../core/arch.ts";

export interface LoaderDefaults {
  /** Absolute, without a slash at the end. */
  readonly directories: readonly string[];
  /** The configuration whose directories are in this loader's cache. */
  readonly configuration: string;
  /** What $LIB may stand for. */
  readonly lib: readonly string[];
}

/** A loader has less than a megabyte. */
export const MOST_LOADER_BYTES = 16 << 20;

const MOST_TEXT_BYTES = 4096;
const MOST_DIRECTORIES = 64;
/** The first of a run may follow other bytes without a NUL between; the others are all of their text. */
const FIRST_DIRECTORY = /(?:^|[^!-~])(\/[!-~]+\/)$/;
const CACHE_DIRECTORY = /(?:^|[^!-~])(\/[!-~]+)\/ld\.so\.cache$/;
const SYSTEM_CONFIGURATION = "/etc/ld.so.conf";

/** From the bytes of the loader, one character each; null where they hold no such run. */
export function defaultsInLoader(loader: string): LoaderDefaults | null {
  const texts = `${loader}\0`;
  let longest: readonly string[] = [];
  let run: string[] = [];
  let runEnd = 0;
  for (const [start, end] of textsEndingWith("/", texts)) {
    const piece = texts.slice(start, end);
    const first = FIRST_DIRECTORY.exec(piece)?.[1];
    if (first !== piece || start !== runEnd) run = [];
    if (first !== undefined && run.length < MOST_DIRECTORIES) run.push(first);
    if (run.length > longest.length && run.some((directory) => directory.includes("lib"))) longest = run;
    runEnd = end + 1;
  }
  if (longest.length === 0) return null;
  const directories = longest.map((directory) => directory.replace(/\/+$/, ""));
  return { directories, configuration: configurationIn(texts), lib: libTokens(directories) };
}

/** Nix and Guix give every glibc a cache of its own. */
function configurationIn(texts: string): string {
  let configuration = SYSTEM_CONFIGURATION;
  for (const [start, end] of textsEndingWith("/ld.so.cache", texts)) {
    const directory = CACHE_DIRECTORY.exec(texts.slice(start, end))?.[1];
    if (directory !== undefined) configuration = `${directory}/ld.so.conf`;
  }
  return configuration;
}

/** Where the texts of this ending lie, of which only the last few thousand bytes count. Splitting would make a text of every NUL. */
function* textsEndingWith(ending: string, texts: string): Generator<readonly [start: number, end: number]> {
  const sought = `${ending}\0`;
  for (let at = texts.indexOf(sought); at !== -1; at = texts.indexOf(sought, at + 1)) {
    const end = at + ending.length;
    yield [Math.max(texts.lastIndexOf("\0", end - 1) + 1, end - MOST_TEXT_BYTES), end];
  }
}

/** $LIB is the directory of the loader's libraries without what stands before "lib". */
function libTokens(directories: readonly string[]): string[] {
  const first = directories[0] ?? "/lib";
  const below = first.slice(first.lastIndexOf("/lib") + 1);
  const last = first.slice(first.lastIndexOf("/") + 1);
  return [...new Set([below, last])];
}

/** Where no loader tells: what the distributions have, wherever it exists. */
export function defaultsOfMachine(machine: ElfMachine): LoaderDefaults {
  const triplet = archOf(machine)?.triplet;
  const lib = [...(triplet === undefined ? [] : [`lib/${triplet}`]), ...ownLibraryNames(machine), "lib"];
  return {
    directories: lib.flatMap((name) => [`/${name}`, `/usr/${name}`]),
    configuration: SYSTEM_CONFIGURATION,
    lib,
  };
}

/** `lib64` and its like, for the machines whose libraries do not lie in `lib` itself; by e_machine and bits. */
const OWN_NAMES: Readonly<Record<string, string>> = {
  "8/64": "lib64",
  "21/64": "lib64",
  "22/64": "lib64",
  "43/64": "lib64",
  "62/32": "libx32",
  "62/64": "lib64",
  "183/64": "lib64",
  "258/64": "lib64",
};
const EM_MIPS = 8;
const EM_RISCV = 243;
const EM_LOONGARCH = 258;
const MIPS_N32 = 0x20;

function ownLibraryNames({ machine, bits, flags }: ElfMachine): string[] {
  const common = OWN_NAMES[`${machine}/${bits}`];
  const names = common === undefined ? [] : [common];
  if (machine === EM_MIPS && bits === 32) return flags & MIPS_N32 ? ["lib32"] : [];
  if (machine === EM_LOONGARCH && (flags & 7) === 1) return ["lib64/sf", ...names];
  if (machine === EM_RISCV) {
    const abi = { 0: "", 2: "f", 4: "d" }[flags & 6] ?? "";
    return bits === 64 ? [`lib64/lp64${abi}`, "lib64"] : [`lib32/ilp32${abi}`, "lib32"];
  }
  return names;
}

/** Where each machine's programs say that their glibc loader lies: for a library, which names none. */
const LOADERS: Readonly<Record<string, readonly string[]>> = {
  "3/32": ["/lib/ld-linux.so.2"],
  "62/64": ["/lib64/ld-linux-x86-64.so.2"],
  "62/32": ["/libx32/ld-linux-x32.so.2"],
  "40/32": ["/lib/ld-linux-armhf.so.3", "/lib/ld-linux.so.3"],
  "183/64": ["/lib/ld-linux-aarch64.so.1", "/lib/ld-linux-aarch64_be.so.1"],
  "243/64": ["/lib/ld-linux-riscv64-lp64d.so.1", "/lib/ld-linux-riscv64-lp64.so.1"],
  "243/32": ["/lib/ld-linux-riscv32-ilp32d.so.1", "/lib/ld-linux-riscv32-ilp32.so.1"],
  "20/32": ["/lib/ld.so.1"],
  "21/64": ["/lib64/ld64.so.2", "/lib64/ld64.so.1"],
  "22/64": ["/lib/ld64.so.1"],
  "22/32": ["/lib/ld.so.1"],
  "8/32": ["/lib/ld.so.1", "/lib32/ld.so.1", "/lib/ld-linux-mipsn8.so.1", "/lib32/ld-linux-mipsn8.so.1"],
  "8/64": ["/lib64/ld.so.1", "/lib64/ld-linux-mipsn8.so.1"],
  "258/64": ["/lib64/ld-linux-loongarch-lp64d.so.1", "/lib64/ld-linux-loongarch-lp64s.so.1"],
  "2/32": ["/lib/ld-linux.so.2"],
  "18/32": ["/lib/ld-linux.so.2"],
  "43/64": ["/lib64/ld-linux.so.2"],
  "4/32": ["/lib/ld.so.1"],
  "42/32": ["/lib/ld-linux.so.2"],
  "36902/64": ["/lib/ld-linux.so.2"],
  "15/32": ["/lib/ld.so.1"],
  "113/32": ["/lib/ld-linux-nios2.so.1"],
  "195/32": ["/lib/ld-linux-arc.so.2", "/lib/ld-linux-arceb.so.2"],
  "92/32": ["/lib/ld-linux-or1k.so.1"],
  "252/32": ["/lib/ld-linux-cskyv2.so.1", "/lib/ld-linux-cskyv2-hf.so.1"],
  "189/32": ["/lib/ld.so.1"],
  "50/64": ["/lib/ld-linux-ia64.so.2"],
};

export function usualLoaders({ machine, bits }: ElfMachine): readonly string[] {
  return LOADERS[`${machine}/${bits}`] ?? [];
}

/** Of uClibc and uClibc-ng, whatever the machine. */
export const UCLIBC_LOADERS: readonly string[] = [
  "/lib/ld-uClibc.so.0",
  "/lib/ld-uClibc.so.1",
  "/lib/ld64-uClibc.so.0",
  "/lib/ld64-uClibc.so.1",
  "/lib/ld-uClibc-mipsn8.so.0",
  "/lib64/ld64-uClibc.so.0",
  "/lib64/ld64-uClibc.so.1",
  "/lib32/ld-uClibc.so.0",
  "/lib32/ld-uClibc.so.1",
];

/** AT_PLATFORM, which the kernel gives by the processor: only the plainest name can be known beforehand. */
export function usualPlatforms(machine: ElfMachine): readonly string[] {
  const name = archOf(machine)?.name;
  if (name === undefined) return [];
  const other: Readonly<Record<string, string[]>> = {
    i386: ["i686", "i386"],
    armhf: ["v7l"],
    armel: ["v5l"],
  };
  return other[name] ?? [name];
}
