/**
 * What ldconfig would enter into the loader's cache: which files of a directory, under which names, and which
 * directories. Sources: glibc elf/ldconfig.c (search_dir, add_dir_1), elf/readlib.c, elf/dl-is_dso.h.
 */
import { compareBytes } from "../../core/order.ts";
import { type ByteString, childOf, showBytes, type TargetPath } from "../../core/path.ts";
import { type ElfFile, ET_DYN } from "../../formats/elf.ts";
import { compareSonames } from "../../formats/ld-so-cache.ts";
import type { PathResolver, ResolvedPath } from "../../trees/resolve-path.ts";
import type { FileKind } from "../scan-file.ts";

/** Where libraries for better processors lie, below any directory of libraries. */
export const LEVELS_DIRECTORY = "glibc-hwcaps";

export interface TreeFiles {
  readonly paths: PathResolver;
  readonly kindOf: (path: TargetPath) => FileKind;
}

export interface CacheFile {
  readonly soname: ByteString;
  /** Its name in the directory: a file's before a link's, then the latest. */
  readonly name: ByteString;
  readonly resolved: ResolvedPath;
  readonly elf: ElfFile;
}

/** The libraries of a directory, one for each soname, in the order of the sonames' bytes. */
export function cacheFilesIn(directory: TargetPath, { paths, kindOf }: TreeFiles): CacheFile[] {
  const found = new Map<ByteString, CacheFile & { readonly isLink: boolean }>();
  for (const name of paths.tree.list(directory).filter(isLibraryName)) {
    const path = childOf(directory, name);
    const resolved = paths.resolve(`/${path}`);
    const kind = resolved.facts?.kind === "file" ? kindOf(resolved.path) : null;
    if (kind?.kind !== "elf" || kind.elf.type !== ET_DYN || !kind.elf.isDynamic) continue;
    const { elf } = kind;
    const { soname, isLink } = cachedName(name, elf.soname, paths.stat(path)?.kind === "symlink");
    const old = found.get(soname);
    const isBetter = old?.isLink === isLink ? compareSonames(old.name, name) < 0 : !isLink;
    if (old === undefined || isBetter) found.set(soname, { soname, name, resolved, elf, isLink });
  }
  return [...found.values()].sort((a, b) => compareBytes(a.soname, b.soname));
}

/** The levels that a directory has libraries for, by name, each with its directory. */
export function levelsBelow(directory: TargetPath, paths: PathResolver): [ByteString, TargetPath][] {
  const top = paths.resolve(`/${childOf(directory, LEVELS_DIRECTORY as ByteString)}`);
  if (top.facts?.kind !== "directory") return [];
  return paths.tree.list(top.path).flatMap((name): [ByteString, TargetPath][] => {
    // The loader's list of levels has colons between them.
    if (name.startsWith(".") || name.includes(":")) return [];
    const { path, facts } = paths.resolve(`/${childOf(top.path, name)}`);
    return facts?.kind === "directory" ? [[name, path]] : [];
  });
}

/** As the loader's developers tell libraries from other files. */
export function isLibraryName(name: string): boolean {
  const isOurs = /^(lib|ld-)/.test(name) ? name.includes(".so") : /^ld(64)?\.so\./.test(name);
  return isOurs && !/\.#prelink#(\.[^/]{6})?$|;|\.dpkg-(new|tmp)$/s.test(name);
}

/**
 * The name that a file is entered under: a file's soname, a symlink's own name where that is the soname or the
 * linker's short form of it (libz.so for libz.so.1); another symlink counts as a file.
 */
export function cachedName(
  name: ByteString,
  soname: ByteString | null,
  isSymlink: boolean,
): { readonly soname: ByteString; readonly isLink: boolean } {
  const known = soname ?? name;
  const isLink = isSymlink && (name === known || (name.endsWith(".so") && known.startsWith(name)));
  return { soname: isLink ? name : known, isLink };
}

/** The siblings of a directory `/lib` that ldconfig looks in as well, by e_machine. */
const SIBLINGS: Readonly<Record<number, readonly string[]>> = {
  2: ["lib64"],
  8: ["lib32", "lib64"],
  18: ["lib64"],
  20: ["lib64"],
  21: ["lib64"],
  22: ["lib64"],
  43: ["lib64"],
  62: ["lib64", "libx32"],
  183: ["lib64"],
  243: ["lib64/lp64d", "lib64/lp64", "lib32/ilp32d", "lib32/ilp32"],
  258: ["lib64", "lib64/sf"],
};

/**
 * The directories that ldconfig looks in behind those of its configuration, by those that the loader looks in.
 * Debian's takes the loader's own as they are.
 */
export function systemDirectories(defaults: readonly string[], machine: number): readonly string[] {
  const siblings = SIBLINGS[machine] ?? [];
  const isDebian = defaults.some((directory) => directory.includes("/lib/"));
  if (isDebian || siblings.length === 0) return defaults;
  return defaults.flatMap((directory) => {
    const own = siblings.find((name) => directory.endsWith(`/${name}`));
    const base = own === undefined ? directory : `${directory.slice(0, -own.length)}lib`;
    if (!base.endsWith("/lib")) return [base];
    return [base, ...siblings.map((name) => base.slice(0, -"lib".length) + name)];
  });
}

/** For messages: "is not in the loader's cache, which knows it as libz.so.1". */
export function tellUncached(soname: ByteString | null): string {
  const why = "is not in the loader's cache";
  return soname === null ? why : `${why}, which knows it as ${showBytes(soname)}`;
}
