/** Paths inside the image's tree. What the recipe places at exactly the path asked for is found there first. */
import { type ByteString, directoryOf, parseTargetPath, ROOT, type TargetPath } from "../core/path.ts";
import { type LinkMet, MOST_SYMLINKS, PathResolver, type ResolvedPath } from "../trees/resolve-path.ts";
import type { ImageTree } from "./image-tree.ts";

/**
 * The sysroot's layout must not decide over what the recipe says plainly: where it places /bin/sh, "/bin/sh"
 * is that file, whether the sysroot's /bin is a directory or a symlink to usr/bin.
 */
export class ImagePaths extends PathResolver {
  readonly #tree: ImageTree;

  constructor(tree: ImageTree) {
    super(tree);
    this.#tree = tree;
  }

  override resolve(path: string, from: TargetPath = ROOT): ResolvedPath {
    const links: LinkMet[] = [];
    let asked = path;
    let start = from;
    while (links.length <= MOST_SYMLINKS) {
      const literal = literalPath(asked, start);
      if (literal === null || !this.#tree.isPlaced(literal)) break;
      const facts = this.stat(literal);
      if (facts?.kind !== "symlink") return { path: literal, facts, links, isLoop: false };
      const to = this.readLink(literal);
      links.push({ path: literal, to, isFinal: true });
      asked = to;
      start = directoryOf(literal);
    }
    const rest = super.resolve(asked, start);
    const all = [...links, ...rest.links];
    if (all.length <= MOST_SYMLINKS) return { ...rest, links: all };
    return { path: rest.path, facts: null, links: all, isLoop: true };
  }
}

/** Null where only a walk can say what ".." means. */
function literalPath(path: string, from: TargetPath): TargetPath | null {
  return parseTargetPath((path.startsWith("/") ? path : `${from}/${path}`) as ByteString);
}
