/** Opens the content of an entry wherever the graph found it. */
import type { ContentSource, TreeName } from "../core/entry.ts";
import { openBytes } from "../core/open-bytes.ts";
import { type HostPath, hostPathOf } from "../core/path.ts";
import type { OpenFile, Tree } from "../core/ports.ts";

export type OpenContent = (source: ContentSource) => OpenContentFile;

export interface OpenContentFile {
  readonly file: OpenFile;
  /** What it is called in a message. */
  readonly path: HostPath;
}

export interface SourceTree {
  readonly tree: Tree;
  readonly root: HostPath;
}

export function contentOpener(trees: Readonly<Record<TreeName, SourceTree>>): OpenContent {
  return (source) => {
    if (source.from === "recipe") return { file: openBytes(source.bytes), path: "/" as HostPath };
    const { tree, root } = trees[source.tree];
    return { file: tree.open(source.path), path: hostPathOf(root, source.path) };
  };
}
