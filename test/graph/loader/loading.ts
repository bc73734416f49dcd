/** Trees and loaders for the tests of this room. */

import type { ByteString, TargetPath } from "../../../src/core/path.ts";
import type { Tree } from "../../../src/core/ports.ts";
import type { DlopenPriority } from "../../../src/formats/elf-notes.ts";
import {
  LibraryLoader,
  type LibraryOutcome,
  type LoadedProgram,
} from "../../../src/graph/loader/load-program.ts";
import { FileScanner } from "../../../src/graph/scan-file.ts";
import type { LoaderCacheWish } from "../../../src/spec/spec.ts";
import { PathResolver } from "../../../src/trees/resolve-path.ts";
import { type ElfWish, writeElf } from "../../support/elf-writer.ts";
import { type MemoryFile, memoryTree } from "../../support/memory-tree.ts";

/** As on Debian's amd64: the directories are in the loader's bytes. */
export const LOADER = "/lib64/ld-linux-x86-64.so.2";
export const DEFAULTS = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib", "/usr/lib"];

export function loaderFile(directories: readonly string[] = DEFAULTS): Buffer {
  const run = directories.map((directory) => `${directory}/\0`).join("");
  return writeElf({ soname: "ld-linux-x86-64.so.2", tail: `\0/etc/ld.so.cache\0junk\0${run}more\0` });
}

export function program(...needed: string[]): Buffer {
  return writeElf({ interpreter: LOADER, needed });
}

export function library(soname: string, wish: ElfWish = {}): Buffer {
  return writeElf({ soname, ...wish });
}

export interface Loading {
  readonly access: { readonly paths: PathResolver; readonly scanner: FileScanner };
  readonly loader: LibraryLoader;
  load(path: string): LoadedProgram;
}

export function loadingOf(
  tree: Tree,
  libraryPath: readonly string[] = [],
  dlopen: readonly DlopenPriority[] = [],
  loaderCache: LoaderCacheWish = "auto",
): Loading {
  const paths = new PathResolver(tree);
  const scanner = new FileScanner(tree, () => {});
  const loader = new LibraryLoader({
    paths,
    kindOf: (path) => scanner.kindOf(path),
    libraryPath: libraryPath as TargetPath[],
    dlopen,
    hwcaps: [],
    loaderCache,
  });
  return {
    access: { paths, scanner },
    loader,
    load(path) {
      const resolved = paths.resolve(path as ByteString);
      const kind = scanner.kindOf(resolved.path);
      if (kind.kind !== "elf") throw new Error(`${path} is no ELF file`);
      return loader.load(resolved.path, kind.elf);
    },
  };
}

/** Loads `/bin/main` of a tree that has Debian's loader. */
export function loadMain(
  files: Record<string, MemoryFile>,
  libraryPath: readonly string[] = [],
): LoadedProgram {
  const tree = memoryTree("/tree", { [LOADER]: loaderFile(), ...files });
  return loadingOf(tree, libraryPath).load("/bin/main");
}

/** "liba.so => /lib/liba.so (default directory /lib)", one line for each reference. */
export function told({ libraries }: LoadedProgram): string[] {
  return libraries.map(({ soname, outcome }) => `${soname} ${tellOutcome(outcome)}`);
}

function tellOutcome(outcome: LibraryOutcome): string {
  if (outcome.kind === "found") return `=> ${outcome.foundAt} (${outcome.rule})`;
  if (outcome.kind === "fatal") return `!! /${outcome.path}: ${outcome.why}`;
  return `?? ${[...outcome.tried, ...outcome.skipped.map((skipped) => `- ${skipped}`)].join(", ")}`;
}
