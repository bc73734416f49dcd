/**
 * Paths inside a tree, resolved as in a chroot (openat2(2), RESOLVE_IN_ROOT): every symlink in every part is
 * followed by hand, an absolute target starts again at the tree's root, ".." stops there. The machine's own
 * resolution is never used on a whole path: one absolute link in the middle would leave the tree.
 */
import { type ByteString, childOf, directoryOf, ROOT, type TargetPath } from "../core/path.ts";
import type { FileFacts, Tree } from "../core/ports.ts";

/** As the kernel: more symlinks than this in one path are a loop. */
export const MOST_SYMLINKS = 40;

export interface LinkMet {
  /** Where the symlink lies; no symlink leads there. */
  readonly path: TargetPath;
  readonly to: ByteString;
  /** Whether it stood at the end of a path; else it stands for a directory in the middle of one. */
  readonly isFinal: boolean;
}

export interface ResolvedPath {
  /** The place without any symlink; where nothing is, the place where it was looked for. */
  readonly path: TargetPath;
  /** Null: nothing is there. Never those of a symlink. */
  readonly facts: FileFacts | null;
  /** The symlinks that were followed, in order. The image needs every one of them. */
  readonly links: readonly LinkMet[];
  /** Whether it ended because of too many symlinks. */
  readonly isLoop: boolean;
}

export class PathResolver<T extends Pick<Tree, "stat" | "readLink"> = Tree> {
  readonly tree: T;
  readonly #facts = new Map<TargetPath, FileFacts | null>();
  readonly #links = new Map<TargetPath, ByteString>();

  constructor(tree: T) {
    this.tree = tree;
  }

  /** What lies at a canonical path itself, a symlink included. Asked of the tree once. */
  stat(path: TargetPath): FileFacts | null {
    const known = this.#facts.get(path);
    if (known !== undefined) return known;
    const facts = this.tree.stat(path);
    this.#facts.set(path, facts);
    return facts;
  }

  /** As `stat`, but a file is not kept: those of a copied tree are many, and few of them are asked for again. */
  statCopied(path: TargetPath): FileFacts | null {
    const known = this.#facts.get(path);
    if (known !== undefined) return known;
    const facts = this.tree.stat(path);
    if (facts?.kind !== "file") this.#facts.set(path, facts);
    return facts;
  }

  readLink(path: TargetPath): ByteString {
    const known = this.#links.get(path);
    if (known !== undefined) return known;
    const to = this.tree.readLink(path);
    this.#links.set(path, to);
    return to;
  }

  /** Follows a path to its end. A relative one starts at `from`, a canonical directory. */
  resolve(path: string, from: TargetPath = ROOT): ResolvedPath {
    return this.#walk(path, from, "follow");
  }

  /** Follows all parts but the last: for a path that may be a symlink itself. */
  resolveParent(path: string, from: TargetPath = ROOT): ResolvedPath {
    return this.#walk(path, from, "keep");
  }

  #walk(path: string, from: TargetPath, last: "follow" | "keep"): ResolvedPath {
    const links: LinkMet[] = [];
    const todo = path.split("/").reverse();
    let at = path.startsWith("/") ? ROOT : from;
    for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        at = directoryOf(at);
        continue;
      }
      const here = childOf(at, part);
      const facts = this.#statBelow(at, here);
      const isLast = !todo.some((rest) => rest !== "" && rest !== ".");
      if (facts?.kind !== "symlink" || (isLast && last === "keep")) {
        at = here;
        if (facts === null) return { path: restOf(at, todo), facts: null, links, isLoop: false };
        continue;
      }
      const to = this.readLink(here);
      links.push({ path: here, to, isFinal: isLast });
      if (links.length > MOST_SYMLINKS) return { path: here, facts: null, links, isLoop: true };
      todo.push(...to.split("/").reverse());
      if (to.startsWith("/")) at = ROOT;
    }
    return { path: at, facts: this.stat(at), links, isLoop: false };
  }

  /** Nothing lies below what is no directory. */
  #statBelow(directory: TargetPath, path: TargetPath): FileFacts | null {
    return this.stat(directory)?.kind === "directory" ? this.stat(path) : null;
  }
}

/** Where a path would end whose part `at` is not there: the rest taken literally. */
function restOf(at: TargetPath, todo: readonly string[]): TargetPath {
  let path = at;
  for (const part of todo.toReversed()) {
    if (part === "..") path = directoryOf(path);
    else if (part !== "" && part !== ".") path = childOf(path, part);
  }
  return path;
}
