/** What has to be made so that a directory or an archive holds what the kernel would make of an image. */
import type { Entry } from "../core/entry.ts";
import { compareBytes } from "../core/order.ts";
import { ancestorsOf, ROOT, type TargetPath } from "../core/path.ts";
import type { UnpackedNode, UnpackedTree } from "./unpacked-tree.ts";

export interface TreeItem {
  /** No symlink leads there: all above it are directories of the list, but for the root, which stands there if the image has it. */
  readonly path: TargetPath;
  readonly node: UnpackedNode;
  /** The name under which the same file, or whatever it is, stands in the list before; null: there is none. */
  readonly linkTo: TargetPath | null;
}

/** What was asked for: a place, and the symlinks that lead there. */
export interface WantedPath {
  readonly path: TargetPath;
  readonly links: readonly { readonly path: TargetPath }[];
}

/**
 * Parents before what lies in them, else in the order of bytes. `wanted`: these with all that lies below them, and the
 * directories above; null: everything that the image brought. Directories that a kernel has anyway come only where the
 * image puts something into them.
 */
export function treeItems(tree: UnpackedTree, wanted: readonly WantedPath[] | null): TreeItem[] {
  const paths = new Set<TargetPath>();
  const take = (path: TargetPath): void => {
    paths.add(path);
    for (const above of ancestorsOf(path)) paths.add(above);
  };
  for (const { path, links } of wanted ?? []) for (const one of [...links, { path }]) take(one.path);
  const places = new Set(wanted === null ? [ROOT] : wanted.map(({ path }) => path));
  const isWanted = (path: TargetPath): boolean =>
    places.has(ROOT) || places.has(path) || ancestorsOf(path).some((above) => places.has(above));
  for (const path of tree.paths()) if (tree.nodeAt(path)!.mtime !== null && isWanted(path)) take(path);
  const firsts = new Map<UnpackedNode, TargetPath>();
  return [...paths].sort(compareBytes).map((path) => {
    const node = tree.nodeAt(path)!;
    const linkTo = firsts.get(node) ?? null;
    if (linkTo === null) firsts.set(node, path);
    return { path, node, linkTo };
  });
}

/** Bytes of the data, each file's once. */
export function sizeOfItems(items: readonly TreeItem[]): number {
  return items.reduce((sum, { node, linkTo }) => sum + (linkTo === null ? node.size : 0), 0);
}

/** How many there are of each kind; further names of a file count as `link`. */
export function countItems(items: readonly TreeItem[]): Record<Entry["kind"] | "link", number> {
  const counts = { file: 0, directory: 0, symlink: 0, char: 0, block: 0, fifo: 0, socket: 0, link: 0 };
  for (const { node, linkTo } of items) counts[linkTo === null ? node.kind : "link"] += 1;
  return counts;
}
