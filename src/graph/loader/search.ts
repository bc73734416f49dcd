/**
 * One search of a loader: a name, directories in order, and the first file there that it takes. Searches are
 * shared: most objects of a tree have the same directories, and each name is looked for in them once.
 * Source: glibc elf/dl-load.c (open_path, open_verify), elf/dl-cache.c, elf/ldconfig.c (search_dir).
 */
import { type ByteString, showBytes, type TargetPath } from "../../core/path.ts";
import type { ElfFile } from "../../formats/elf.ts";
import type { ResolvedPath } from "../../trees/resolve-path.ts";
import { judge, type Verdict } from "./abi.ts";
import { cachedName, cacheFilesIn, isLibraryName, levelsBelow, tellUncached } from "./ldconfig.ts";
import type { LoaderProfile, TreeAccess } from "./profile.ts";
import type { SearchDirectory, SearchRule } from "./search-path.ts";

export type SearchResult =
  | FileFound
  | {
      readonly kind: "missing";
      readonly tried: readonly string[];
      /** Files of that name that the loader passes by: "/usr/lib32/libfoo.so.1 is for i386". */
      readonly skipped: readonly string[];
    }
  | {
      /** The loader ends the program here and looks no further. */
      readonly kind: "fatal";
      readonly path: TargetPath;
      readonly why: string;
    };

export interface FileFound {
  readonly kind: "found";
  /** The path as the loader has it: absolute, symlinks not resolved. */
  readonly foundAt: ByteString;
  readonly resolved: ResolvedPath;
  /** "runpath of /usr/sbin/x", "default directory /usr/lib", "/etc/ld.so.conf directory /opt/lib". */
  readonly rule: string;
  /** Where the loader looked before, in order. */
  readonly tried: readonly string[];
  /** Found through the configuration alone: an image without /etc/ld.so.cache would not find it. */
  readonly needsCache: boolean;
  /** What a processor of a better level loads instead. */
  readonly variants: readonly Variant[];
  readonly elf: ElfFile;
}

/** The same library in `glibc-hwcaps/<level>/`, made for processors of that level and above. */
export interface Variant {
  readonly level: string;
  readonly resolved: ResolvedPath;
  /** "glibc-hwcaps/x86-64-v3 in default directory /usr/lib". */
  readonly rule: string;
}

export class Searcher {
  readonly #access: TreeAccess;
  readonly #results = new Map<readonly SearchDirectory[], Map<string, SearchResult>>();
  readonly #shared = new Map<string, readonly SearchDirectory[]>();
  readonly #verdicts = new Map<LoaderProfile, Map<TargetPath, Verdict>>();

  constructor(access: TreeAccess) {
    this.#access = access;
  }

  /** The same array for the same directories, so that their results are found again. */
  share(directories: readonly SearchDirectory[]): readonly SearchDirectory[] {
    if (this.#results.has(directories)) return directories;
    const key = directories.map(({ shown, because }) => `${shown}\0${because}`).join("\n");
    const shared = remembered(this.#shared, key, () => directories);
    remembered(this.#results, shared, () => new Map());
    return shared;
  }

  /** A name without a slash. `directories` is an array that `share` gave. */
  find(name: ByteString, directories: readonly SearchDirectory[], profile: LoaderProfile): SearchResult {
    const results = remembered(this.#results, directories, () => new Map<string, SearchResult>());
    return remembered(results, name, () => {
      const found = this.#search(name, directories, profile);
      return found.kind === "found"
        ? { ...found, variants: this.#variantsOf(found, directories, profile) }
        : found;
    });
  }

  /** A name with a slash is a path, and there is no search. */
  open(path: ByteString, profile: LoaderProfile): SearchResult {
    const shown = showBytes(path);
    // Relative to a working directory that only the running program has.
    if (!path.startsWith("/")) return { kind: "missing", tried: [`${shown} (relative)`], skipped: [] };
    const resolved = this.#access.paths.resolve(path);
    const verdict = this.#judge(resolved, profile);
    if (verdict === null) return { kind: "missing", tried: [shown], skipped: [] };
    if (verdict.kind === "skipped")
      return { kind: "missing", tried: [shown], skipped: [`${shown} ${verdict.why}`] };
    if (verdict.kind === "fatal") return { kind: "fatal", path: resolved.path, why: verdict.why };
    const { elf } = verdict;
    return {
      kind: "found",
      foundAt: path,
      resolved,
      rule: "its own path",
      tried: [],
      needsCache: false,
      variants: [],
      elf,
    };
  }

  #search(name: ByteString, directories: readonly SearchDirectory[], profile: LoaderProfile): SearchResult {
    const look: Look = { name, profile, tried: new Map(), skipped: new Map() };
    const of = (...rules: SearchRule[]) => directories.filter(({ rule }) => rules.includes(rule));
    const own = this.#firstIn(of("rpath", "library-path", "runpath"), look);
    if (own) return own;
    const cached = this.#firstIn(of("cached"), look);
    const defaults = of("default");
    const standard = this.#firstIn(defaults, look);
    // An object without default libraries takes none from the cache that lies in their directories.
    const isBarred = (found: FileFound) =>
      defaults.length === 0 && profile.defaults.some(({ path }) => found.foundAt.startsWith(`${path}/`));
    if (cached?.kind === "fatal") return cached;
    if (cached === null || isBarred(cached)) {
      return (
        standard ?? { kind: "missing", tried: [...look.tried.values()], skipped: [...look.skipped.values()] }
      );
    }
    // Where the default directories lead to the same file, it is found without any cache.
    const isSame = standard?.kind === "found" && standard.resolved.path === cached.resolved.path;
    return isSame ? standard : cached;
  }

  /**
   * From the directories that the loader itself looks in, up to the one that has the library; and from all that are
   * in its cache, where it has one, since there the best level of any directory wins.
   */
  #variantsOf(found: FileFound, directories: readonly SearchDirectory[], profile: LoaderProfile): Variant[] {
    const { hwcaps, loaderCache } = this.#access;
    if (profile.flavour !== "glibc" || (hwcaps !== "all" && hwcaps.length === 0)) return [];
    const name = found.foundAt.slice(found.foundAt.lastIndexOf("/") + 1) as ByteString;
    const own = directories.filter(({ rule }) => rule !== "cached");
    const last = own.findIndex(({ path }) => found.foundAt === `${path}/${name}`);
    const looked = last === -1 ? own : own.slice(0, last + 1);
    const hasCache = found.needsCache || loaderCache === "always";
    const cached = hasCache ? directories.filter(({ rule }) => rule === "cached") : [];
    const variants = [...looked, ...cached].flatMap((directory) => this.#levelsOf(name, directory, profile));
    return [
      ...new Map(variants.toReversed().map((variant) => [variant.resolved.path, variant])).values(),
    ].toReversed();
  }

  /** A library's variants below one directory. */
  #levelsOf(name: ByteString, { path, rule, because }: SearchDirectory, profile: LoaderProfile): Variant[] {
    const { hwcaps, paths } = this.#access;
    const levels = levelsBelow(paths.resolve(path).path, paths);
    return levels.flatMap(([level, directory]) => {
      if (hwcaps !== "all" && !hwcaps.includes(level)) return [];
      // The cache has the names of the files themselves, which need not be the soname's.
      const entered =
        rule === "cached"
          ? cacheFilesIn(directory, this.#access).find(({ soname }) => soname === name)
          : null;
      if (entered === undefined) return [];
      const resolved = entered?.resolved ?? paths.resolve(`/${directory}/${name}`);
      const fits = this.#judge(resolved, profile)?.kind === "fits";
      return fits ? [{ level, resolved, rule: `glibc-hwcaps/${level} in ${because}` }] : [];
    });
  }

  /** The first file that ends the search; null: there is none. */
  #firstIn(
    directories: readonly SearchDirectory[],
    look: Look,
  ): Exclude<SearchResult, { kind: "missing" }> | null {
    let stuck: string | null = null;
    for (const directory of directories) {
      const list = directory.rule === "default" ? "default" : directory.because;
      if (list === stuck) continue;
      const foundAt = `${directory.path}/${look.name}` as ByteString;
      const resolved = this.#access.paths.resolve(foundAt);
      // Any error but "not there" ends this list of directories, and the search goes on with the next.
      if (resolved.isLoop) stuck = list;
      const verdict = this.#judgeAt(directory, resolved, look);
      if (verdict?.kind === "fits")
        return foundIn(directory, { foundAt, resolved, tried: [...look.tried.values()] }, verdict);
      if (verdict?.kind === "fatal") return { kind: "fatal", path: resolved.path, why: verdict.why };
      if (verdict?.kind === "skipped") look.skipped.set(foundAt, `${showBytes(foundAt)} ${verdict.why}`);
      look.tried.set(directory.path, look.tried.get(directory.path) ?? directory.shown);
    }
    return null;
  }

  /** Of a cached directory only that counts which ldconfig would enter into the cache. */
  #judgeAt(directory: SearchDirectory, resolved: ResolvedPath, { name, profile }: Look): Verdict | null {
    const verdict = this.#judge(resolved, profile);
    if (verdict === null || directory.rule !== "cached" || verdict.kind === "skipped") return verdict;
    if (verdict.kind === "fatal" && !verdict.isLibrary) {
      return { kind: "skipped", why: `${tellUncached(null)}: ${verdict.why}` };
    }
    const { soname } = verdict.kind === "fits" ? verdict.elf : verdict;
    const isLink = resolved.links.some(({ isFinal }) => isFinal);
    const isCached = isLibraryName(name) && cachedName(name, soname, isLink).soname === name;
    return isCached ? verdict : { kind: "skipped", why: tellUncached(soname) };
  }

  /** Null: nothing is there. */
  #judge(resolved: ResolvedPath, profile: LoaderProfile): Verdict | null {
    const { facts, path } = resolved;
    if (facts === null) return null;
    const verdicts = remembered(this.#verdicts, profile, () => new Map<TargetPath, Verdict>());
    return remembered(verdicts, path, () => {
      const verdict = judge(facts, () => this.#access.kindOf(path), profile.machine);
      // uClibc passes by whatever it cannot load.
      if (verdict.kind === "fatal" && profile.flavour === "uclibc")
        return { kind: "skipped", why: verdict.why };
      // musl opens the first file of the name and looks no further.
      const isLast = verdict.kind === "skipped" && profile.flavour === "musl";
      return isLast ? { kind: "fatal", why: `it ${verdict.why}`, isLibrary: false, soname: null } : verdict;
    });
  }
}

interface Look {
  readonly name: ByteString;
  readonly profile: LoaderProfile;
  /** By directory and by path: what two rules lead to is told once. */
  readonly tried: Map<string, string>;
  readonly skipped: Map<string, string>;
}

function foundIn(
  directory: SearchDirectory,
  where: Pick<FileFound, "foundAt" | "resolved" | "tried">,
  { elf }: { readonly elf: ElfFile },
): FileFound {
  const { rule, because } = directory;
  return { kind: "found", ...where, rule: because, needsCache: rule === "cached", variants: [], elf };
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const old = known.get(key);
  if (old !== undefined) return old;
  const made = make();
  known.set(key, made);
  return made;
}
