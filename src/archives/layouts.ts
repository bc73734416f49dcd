/** The files of a container image, in a directory or inside a tar. */
import { type HostPath, hostPathOf } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import type { ArchiveIndex } from "./archive-index.ts";
import { archiveTree, rangeOf } from "./archive-tree.ts";
import { type ByteRange, beginningOf } from "./byte-range.ts";
import type { Layout } from "./container-images.ts";
import type { ArchivePorts } from "./ports.ts";

export function directoryLayout(path: HostPath, tree: Tree, { host }: ArchivePorts): Layout {
  // Older `docker save` writes symlinks for layers that are the same.
  const resolver = new PathResolver(tree);
  return {
    path,
    find: (file) => {
      const found = resolver.resolve(file);
      const { facts } = found;
      if (facts?.kind !== "file") return null;
      return { file: hostPathOf(path, found.path), offset: 0, size: facts.size };
    },
    read: (range) => beginningOf(range, range.size, host),
  };
}

export function tarLayout(
  path: HostPath,
  { index, range }: { readonly index: ArchiveIndex; readonly range: ByteRange },
  { host }: ArchivePorts,
): Layout {
  const resolver = new PathResolver(archiveTree({ path, identity: path, index, ranges: [range] }, host));
  return {
    path,
    find: (file) => {
      const node = index.node(resolver.resolve(file).path);
      return node?.facts.kind === "file" ? rangeOf(node, range) : null;
    },
    read: (part) => beginningOf(part, part.size, host),
  };
}
