/**
 * Which loader a program gets, and what that loader knows by itself: its flavour, its directories, the names
 * that mean the loader.
 */
import type { ElfMachine } from "../../core/arch.ts";
import {
  type ByteString,
  byteString,
  bytesOf,
  directoryOf,
  nameOf,
  type TargetPath,
} from "../../core/path.ts";
import type { ElfFile } from "../../formats/elf.ts";
import type { DlopenPriority } from "../../formats/elf-notes.ts";
import type { HwcapsWish, LoaderCacheWish } from "../../spec/spec.ts";
import type { PathResolver, ResolvedPath } from "../../trees/resolve-path.ts";
import type { FileKind } from "../scan-file.ts";
import { judge } from "./abi.ts";
import { configuredDirectories, muslDirectories, readStart } from "./configured-directories.ts";
import {
  defaultsInLoader,
  defaultsOfMachine,
  type LoaderDefaults,
  MOST_LOADER_BYTES,
  UCLIBC_LOADERS,
  usualLoaders,
  usualPlatforms,
} from "./defaults.ts";
import { systemDirectories } from "./ldconfig.ts";
import { type SearchDirectory, searchDirectory } from "./search-path.ts";
import { expandTokens } from "./tokens.ts";

export interface LoaderProfile {
  readonly flavour: "glibc" | "uclibc" | "musl";
  readonly machine: ElfMachine;
  /** The loader itself; null: the tree has none for this machine. */
  readonly loader: LoaderFile | null;
  /** The position of LD_LIBRARY_PATH. */
  readonly libraryPath: readonly SearchDirectory[];
  /** Directories whose libraries ldconfig enters into the loader's cache: those configured, then the default ones. */
  readonly cached: readonly SearchDirectory[];
  /** Where the loader has its cache: an absolute path; null: it knows none, or shall have none. */
  readonly cache: ByteString | null;
  readonly defaults: readonly SearchDirectory[];
  /** The search of an object that says nothing of it: most objects share this one. */
  readonly plain: readonly SearchDirectory[];
  readonly lib: readonly string[];
  readonly platform: readonly string[];
}

export interface LoaderFile {
  /** The name it is known by: that of PT_INTERP. */
  readonly asked: ByteString;
  readonly resolved: ResolvedPath;
  readonly soname: ByteString | null;
}

export interface TreeAccess {
  readonly paths: PathResolver;
  readonly kindOf: (path: TargetPath) => FileKind;
  readonly libraryPath: readonly TargetPath[];
  /** Which libraries that a note declares are looked for as well; none: as the loader, which reads no notes. */
  readonly dlopen: readonly DlopenPriority[];
  /** Levels of `glibc-hwcaps` whose variants come besides the plain libraries. */
  readonly hwcaps: HwcapsWish;
  /** Whether the loader will have a cache; "never": what only that would lead to is not found. */
  readonly loaderCache: LoaderCacheWish;
}

/** Keeps one profile for each loader and machine. */
export class LoaderProfiles {
  readonly #access: TreeAccess;
  readonly #known = new Map<string, LoaderProfile>();
  /** The musl loaders of the tree, once somebody asked. */
  #musl: readonly ByteString[] | null = null;

  constructor(access: TreeAccess) {
    this.#access = access;
  }

  /** Those that programs and libraries got so far, in that order. */
  get known(): readonly LoaderProfile[] {
    return [...this.#known.values()];
  }

  /** For a program by its interpreter; for a library, which names none, by what the tree has. */
  profileOf(root: TargetPath, elf: ElfFile): LoaderProfile {
    const { machine } = elf;
    const asked = elf.interpreter ?? this.#usualLoader(root, elf);
    const key = [asked ?? wantsMusl(elf), machine.machine, machine.bits, machine.endian, machine.flags].join(
      " ",
    );
    const known = this.#known.get(key);
    if (known) return known;
    const profile = this.#profile(asked, elf);
    this.#known.set(key, profile);
    return profile;
  }

  #profile(asked: ByteString | null, elf: ElfFile): LoaderProfile {
    const { paths, kindOf, libraryPath } = this.#access;
    const resolved = asked === null ? null : paths.resolve(asked);
    const kind = resolved?.facts?.kind === "file" ? kindOf(resolved.path) : null;
    const soname = kind?.kind === "elf" ? kind.elf.soname : null;
    const loader = asked !== null && resolved !== null && kind !== null ? { asked, resolved, soname } : null;
    const common = {
      machine: elf.machine,
      loader,
      libraryPath: libraryPath.map((path) =>
        searchDirectory(`/${path}`, "library-path", "closure.libraryPath"),
      ),
    };
    const isMusl = asked === null ? wantsMusl(elf) : isMuslLoader(asked);
    const search = isMusl
      ? this.#muslSearch(asked)
      : asked !== null && isUclibcLoader(asked)
        ? uclibcSearch(asked)
        : this.#glibcSearch(loader, elf);
    const plain = [...common.libraryPath, ...search.cached, ...search.defaults];
    return { ...common, ...search, plain };
  }

  #muslSearch(asked: ByteString | null) {
    const directories = muslDirectories(asked ?? "", this.#access.paths);
    return {
      flavour: "musl" as const,
      cached: [],
      cache: null,
      defaults: directories.map(defaultDirectory),
      lib: [],
      platform: [],
    };
  }

  #glibcSearch(loader: LoaderFile | null, { machine }: ElfFile) {
    const { directories, configuration, lib } = this.#defaultsOf(loader) ?? defaultsOfMachine(machine);
    const defaults = directories.map(defaultDirectory);
    const { paths, loaderCache } = this.#access;
    const hasCache = loaderCache !== "never";
    const system = systemDirectories(directories, machine.machine)
      .filter((path) => directories.includes(path) || paths.resolve(path).facts?.kind === "directory")
      .map((path) => searchDirectory(path, "cached", directories.includes(path) ? "default" : "ldconfig's"));
    const configured = configuredDirectories(configuration, paths).map((path) =>
      searchDirectory(path, "cached", configuration),
    );
    return {
      flavour: "glibc" as const,
      cached: hasCache ? [...configured, ...system] : [],
      cache: hasCache ? (configuration.replace(/conf$/, "cache") as ByteString) : null,
      defaults,
      lib,
      platform: usualPlatforms(machine),
    };
  }

  #defaultsOf(loader: LoaderFile | null): LoaderDefaults | null {
    if (loader === null) return null;
    const start = readStart(loader.resolved.path, this.#access.paths, MOST_LOADER_BYTES);
    return defaultsInLoader(byteString(start));
  }

  #usualLoader(root: TargetPath, elf: ElfFile): ByteString | null {
    const glibc = [...usualLoaders(elf.machine), ...loadersBeside(root, elf)].map(bytesOf);
    this.#musl ??= this.#muslLoaders();
    const uclibc = UCLIBC_LOADERS.map(bytesOf);
    const candidates = wantsMusl(elf)
      ? this.#musl
      : wantsGlibc(elf)
        ? glibc
        : wantsUclibc(elf)
          ? uclibc
          : [...glibc, ...this.#musl, ...uclibc];
    return candidates.find((path) => this.#isLoaderFor(path, elf.machine)) ?? null;
  }

  #muslLoaders(): ByteString[] {
    const { path, facts } = this.#access.paths.resolve("/lib");
    const names = facts?.kind === "directory" ? this.#access.paths.tree.list(path) : [];
    return names.filter(isMuslLoader).map((name) => `/lib/${name}` as ByteString);
  }

  #isLoaderFor(path: ByteString, machine: ElfMachine): boolean {
    const { path: canonical, facts } = this.#access.paths.resolve(path);
    if (facts === null) return false;
    return judge(facts, () => this.#access.kindOf(canonical), machine).kind === "fits";
  }
}

/** In a store every C library has its loader beside it: where a library leads, or where it lies itself. */
function loadersBeside(root: TargetPath, elf: ElfFile): string[] {
  const values = { origin: `/${directoryOf(root)}`, lib: ["lib"], platform: [] };
  const elements = (elf.runpath ?? elf.rpath ?? "").split(":");
  const directories = [...elements.flatMap((element) => expandTokens(element, values)), values.origin];
  const names = new Set(usualLoaders(elf.machine).map((path) => path.slice(path.lastIndexOf("/") + 1)));
  return directories
    .filter((directory) => directory.startsWith("/"))
    .flatMap((directory) => [...names].map((name) => `${directory.replace(/\/+$/, "")}/${name}`));
}

function defaultDirectory(path: string): SearchDirectory {
  const directory = path.replace(/\/+$/, "");
  return searchDirectory(directory, "default", "default");
}

/**
 * The loader's own directory and its like below usr/, then lib and usr/lib of the prefix that it was built for. Its
 * cache is of another format, and no image of ours has one. Source: uClibc-ng ldso/ldso/dl-elf.c.
 */
function uclibcSearch(asked: ByteString) {
  const own = asked.slice(0, asked.lastIndexOf("/"));
  const prefix = own.slice(0, own.lastIndexOf("/"));
  const names = new Set([own.slice(prefix.length + 1), "lib"]);
  const directories = [...names].flatMap((name) => [`${prefix}/${name}`, `${prefix}/usr/${name}`]);
  return {
    flavour: "uclibc" as const,
    cached: [],
    cache: null,
    defaults: directories.map(defaultDirectory),
    lib: [],
    platform: [],
  };
}

function isUclibcLoader(path: ByteString): boolean {
  return /^ld(64)?-uClibc(-mipsn8)?\.so\.[01]$/.test(nameOf(path));
}

function wantsUclibc(elf: ElfFile): boolean {
  return elf.needed.some((name) => /^libc\.so\.[01]$/.test(name));
}

function isMuslLoader(path: ByteString): boolean {
  return /^ld-musl-.*\.so\.1$/.test(nameOf(path));
}

function wantsMusl(elf: ElfFile): boolean {
  return elf.needed.some((name) => name === "libc.so" || name.startsWith("libc.musl-"));
}

function wantsGlibc(elf: ElfFile): boolean {
  return elf.needed.some((name) => /^libc\.so\.6(\.1)?$|^ld-linux|^ld64\.so|^ld\.so/.test(name));
}
