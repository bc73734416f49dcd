/** A root tree inside archives, read in place: the index says where each file's bytes are. */
import { compareBytes } from "../core/order.ts";
import { type HostPath, hostPathOf, type TargetPath } from "../core/path.ts";
import type { FileFacts, Host, OpenFile, Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ArchiveIndex, ArchiveNode } from "./archive-index.ts";
import { type ByteRange, openRange } from "./byte-range.ts";

export interface Archives {
  /** What the user named. */
  readonly path: HostPath;
  /** Of the tree: what is read has these bytes for ever. */
  readonly identity: string;
  readonly index: ArchiveIndex;
  /** By their numbers in the index. */
  readonly ranges: readonly ByteRange[];
}

/** Its methods throw BuildFailure: host/cannot-read as a directory's do, host/file-changed for a shorter archive. */
export function archiveTree(
  { path: root, identity, index, ranges }: Archives,
  host: Pick<Host, "tree">,
): Tree {
  const nodeAt = (path: TargetPath, kind: FileFacts["kind"], errno: string, what: string): ArchiveNode => {
    const node = index.node(path);
    if (node?.facts.kind === kind) return node;
    const why = node === undefined ? { errno: "ENOENT", what: "no such file or directory" } : { errno, what };
    throw new BuildFailure([{ code: "host/cannot-read", path: hostPathOf(root, path), ...why }]);
  };
  return {
    label: root,
    identity,
    stat: (path) => index.node(path)?.facts ?? null,
    readLink: (path) => nodeAt(path, "symlink", "EINVAL", "invalid argument").to,
    list: (path) => {
      nodeAt(path, "directory", "ENOTDIR", "not a directory");
      return [...index.names(path)].sort(compareBytes);
    },
    open: (path) => {
      const node = nodeAt(path, "file", "EINVAL", "invalid argument");
      return openNode(node, ranges[node.archive]!, host);
    },
  };
}

/** Where all bytes of a file lie together; null: it has holes. */
export function rangeOf({ facts, extents }: ArchiveNode, archive: ByteRange): ByteRange | null {
  if (facts.size === 0) return { ...archive, size: 0 };
  const [only] = extents;
  if (only === undefined || only.length !== facts.size) return null;
  return { file: archive.file, offset: archive.offset + only.at, size: facts.size };
}

function openNode(node: ArchiveNode, archive: ByteRange, host: Pick<Host, "tree">): OpenFile {
  const whole = rangeOf(node, archive);
  if (whole !== null) return openRange(whole, host);
  const open = openRange(archive, host);
  const { size } = node.facts;
  return {
    size,
    versionNow: () => null,
    close: () => open.close(),
    read: (into, position) => {
      const length = Math.max(0, Math.min(into.length, size - position));
      into.fill(0, 0, length);
      for (const extent of node.extents) {
        const start = Math.max(position, extent.from);
        const end = Math.min(position + length, extent.from + extent.length);
        if (start >= end) continue;
        open.read(into.subarray(start - position, end - position), extent.at + start - extent.from);
      }
      return length;
    },
  };
}
