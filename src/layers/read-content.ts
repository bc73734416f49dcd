/** Opens the content of an entry wherever the graph found it. */
import type { ContentSource, TreeName } from "../core/entry.ts";
import { openBytes } from "../core/open-bytes.ts";
import { type HostPath, hostPathOf } from "../core/path.ts";
import type { FileVersion, OpenFile, Tree } from "../core/ports.ts";

export type OpenContent = (source: ContentSource) => OpenContentFile;

export interface OpenContentFile {
  readonly file: OpenFile;
  /** What it is called in a message. */
  readonly path: HostPath;
  /** How its tree tells it from a changed one, asked anew; null: it is gone, or the tree does not tell. */
  versionNow(): FileVersion | null;
}

/** `roots` says where on the machine the trees lie, for messages. */
export function contentOpener(
  trees: Readonly<Record<TreeName, Tree>>,
  roots: { readonly sysroot: HostPath; readonly store: HostPath },
): OpenContent {
  const rootOf = { ...roots, host: "/" as HostPath };
  return (source) => {
    if (source.from === "recipe") {
      return { file: openBytes(source.bytes), path: rootOf.host, versionNow: () => null };
    }
    const tree = trees[source.tree];
    const path = hostPathOf(rootOf[source.tree], source.path);
    const versionNow = () => tree.stat(source.path)?.version ?? null;
    return { file: tree.open(source.path, "copy"), path, versionNow };
  };
}
