/** A file of the building machine, or of a tree, as a ByteSource, whatever symlinks lead to it. */
import { type Digest, startDigest } from "../core/digest.ts";
import type { HostPath, TargetPath } from "../core/path.ts";
import type { Host, OpenFile, Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { type ByteSource, piecesOf } from "../formats/byte-source.ts";
import { PathResolver } from "./resolve-path.ts";

/** Read ahead, so that walking over small headers does not ask the disk for each. Bytes. */
const MOST_AHEAD = 256 * 1024;
/** Read at once where reading has jumped, as from header to header over what lies between. Bytes. */
const LEAST_AHEAD = 4 * 1024;
const PIECE = 2 ** 20;

export interface OpenSource extends ByteSource {
  close(): void;
}

/** Opens what a path leads to; null where there is no such file. */
export function openSource(path: HostPath, host: Pick<Host, "tree">): OpenSource | null {
  return openSourceIn(host.tree("/" as HostPath), path.slice(1) as TargetPath);
}

/** The same of a file that was there before. Throws BuildFailure host/file-changed. */
export function reopenSource(path: HostPath, host: Pick<Host, "tree">): OpenSource {
  const source = openSource(path, host);
  if (source === null) throw new BuildFailure([{ code: "host/file-changed", path }]);
  return source;
}

/** What such a file holds. Throws BuildFailure host/file-changed. */
export function digestOfSource(path: HostPath, host: Pick<Host, "tree">): { size: number; digest: Digest } {
  const source = reopenSource(path, host);
  try {
    const digest = startDigest();
    for (const piece of piecesOf(source, 0, source.size, PIECE)) digest.update(piece);
    return { size: source.size, digest: digest.finish() };
  } finally {
    source.close();
  }
}

/** The same in any tree, whose symlinks stay inside it. */
export function openSourceIn(tree: Tree, path: TargetPath): OpenSource | null {
  const { path: file, facts } = new PathResolver(tree).resolve(`/${path}`);
  return facts?.kind === "file" ? sourceOfFile(tree.open(file)) : null;
}

/** The file that a path leads to, all symlinks followed; null: there is none. */
export function resolveFile(path: HostPath, host: Pick<Host, "tree">): HostPath | null {
  const { path: file, facts } = new PathResolver(host.tree("/" as HostPath)).resolve(path);
  return facts?.kind === "file" ? (`/${file}` as HostPath) : null;
}

/** Reads further ahead the longer one piece follows another, as kernels do. */
export function sourceOfFile(file: OpenFile): OpenSource {
  let window = new Uint8Array(0);
  let ahead = MOST_AHEAD;
  let start = 0;
  let filled = 0;
  return {
    size: file.size,
    read: (position, length) => {
      const wanted = Math.max(0, Math.min(length, file.size - position));
      if (position < start || position + wanted > start + filled) {
        const goesOn = position >= start && position <= start + filled;
        ahead = goesOn ? Math.min(ahead * 2, MOST_AHEAD) : LEAST_AHEAD;
        const amount = Math.max(wanted, ahead);
        if (amount > window.length) window = new Uint8Array(amount);
        start = position;
        filled = file.read(window.subarray(0, amount), position);
      }
      return window.subarray(position - start, Math.min(filled, position - start + wanted));
    },
    close: () => file.close(),
  };
}
