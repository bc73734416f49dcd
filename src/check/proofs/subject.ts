/** An image's tree as those see it who prove something of it: what is where, what each file is, and what a loader finds. */
import type { ByteString, TargetPath } from "../../core/path.ts";
import type { FileFacts, Tree } from "../../core/ports.ts";
import { LibraryLoader } from "../../graph/loader/load-program.ts";
import { type FileKind, FileScanner } from "../../graph/scan-file.ts";
import { PathResolver } from "../../trees/resolve-path.ts";
import type { ProgramFinding } from "../findings/programs.ts";
import type { KernelAbilities } from "../kernel/kernel-abilities.ts";
import { Troubles } from "./sharing.ts";

/** A tree whose files have to be made ready before they are opened. */
export interface LoadableTree extends Tree {
  /** Every path but the root's, in byte order. */
  paths(): readonly TargetPath[];
  load(paths: Iterable<TargetPath>): Promise<void>;
  isLoaded(path: TargetPath): boolean;
}

export interface ProofWish {
  /** What the kernel starts: /init, unless its command line has rdinit=. */
  readonly rdinit: ByteString;
  /** Null: nothing is known of it. */
  readonly kernel: KernelAbilities | null;
}

export interface SubjectFile {
  readonly path: TargetPath;
  readonly facts: FileFacts;
}

export interface Subject extends ProofWish {
  readonly tree: LoadableTree;
  readonly paths: PathResolver;
  /** Regular files, in byte order. */
  readonly files: readonly SubjectFile[];
  readonly symlinks: readonly TargetPath[];
  readonly kindOf: (path: TargetPath) => FileKind;
  readonly loader: LibraryLoader;
}

/** Firmware is data, and half of many an image. */
const FIRMWARE = /^(?:usr\/)?lib\/firmware\//;
export const LOADER_CACHE = "/etc/ld.so.cache";
export const EXECUTE_BITS = 0o111;

/** Loads what will be looked at, in one reading. */
export async function subjectOf(tree: LoadableTree, wish: ProofWish): Promise<Subject> {
  const paths = new PathResolver(tree);
  const files: SubjectFile[] = [];
  const symlinks: TargetPath[] = [];
  for (const path of tree.paths()) {
    const facts = tree.stat(path);
    if (facts?.kind === "symlink") symlinks.push(path);
    if (facts?.kind === "file" && !FIRMWARE.test(path)) files.push({ path, facts });
  }
  await tree.load(files.map(({ path }) => path));
  const scanner = new FileScanner(tree, () => {});
  const kindOf = (path: TargetPath): FileKind => {
    const isReadable = paths.stat(path)?.kind === "file" && tree.isLoaded(path);
    return isReadable ? scanner.kindOf(path) : { kind: "plain" };
  };
  // Without a cache the loader finds nothing by its configuration; what is in the cache is compared afterwards.
  const hasCache = paths.resolve(LOADER_CACHE).facts?.kind === "file";
  const loaderCache = hasCache ? "auto" : "never";
  const loader = new LibraryLoader({ paths, kindOf, libraryPath: [], dlopen: [], hwcaps: [], loaderCache });
  return { ...wish, tree, paths, files, symlinks, kindOf, loader };
}

/** There is a limit to what a tree makes ready. */
export function proveReadable({ files, tree }: Subject): ProgramFinding[] {
  const unread = new Troubles<{ code: "check/files-unread" }>();
  for (const { path } of files) if (!tree.isLoaded(path)) unread.add({ code: "check/files-unread" }, path);
  return unread.findings();
}

export function isExecutable({ mode }: FileFacts): boolean {
  return (mode & EXECUTE_BITS) !== 0;
}
