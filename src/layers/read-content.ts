/** Opens the content of an entry wherever the graph found it. */
import type { ContentSource, TreeName } from "../core/entry.ts";
import { openBytes } from "../core/open-bytes.ts";
import { openRewritten } from "../core/open-rewritten.ts";
import { type HostPath, hostPathOf } from "../core/path.ts";
import type { OpenFile, Tree } from "../core/ports.ts";

export type OpenContent = (source: ContentSource) => OpenContentFile;

export interface OpenContentFile {
  readonly file: OpenFile;
  /** What it is called in a message. */
  readonly path: HostPath;
}

/** `roots` says where on the machine the trees lie, for messages. */
export function contentOpener(
  trees: Readonly<Record<TreeName, Tree>>,
  roots: { readonly sysroot: HostPath; readonly store: HostPath },
): OpenContent {
  const rootOf = { ...roots, host: "/" as HostPath };
  const open: OpenContent = (source) => {
    if (source.from === "recipe") return { file: openBytes(source.bytes), path: rootOf.host };
    if (source.from === "rewritten") {
      const { file, path } = open(source.file);
      return { file: openRewritten(file, source.rewrites, path), path };
    }
    const path = hostPathOf(rootOf[source.tree], source.path);
    return { file: trees[source.tree].open(source.path, "copy"), path };
  };
  return open;
}
