/** Files that go into one file with the image: looked at before anything is built, read again when it is written. */
import { crc32 } from "node:zlib";
import { type Digest, startDigest } from "../core/digest.ts";
import type { TreeName } from "../core/entry.ts";
import { type HostPath, hostPathOf, nameOf, showBytes, type TargetPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import { type ByteSource, piecesOf } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { openSourceIn } from "../trees/open-source.ts";

export interface BesideFile extends FilePlace {
  /** For messages. */
  readonly path: HostPath;
  readonly name: string;
  readonly size: number;
  readonly digest: Digest;
  readonly crc: number;
}

/** Where a file was named: symlinks may lead on from there. */
export interface FilePlace {
  readonly in: TreeName;
  readonly tree: Tree;
  /** Where the tree lies on the machine. */
  readonly root: HostPath;
  readonly inTree: TargetPath;
}

const PIECE = 2 ** 20;

/** Null: there is no such file. Throws FormatError where it is empty, and what `look` throws. */
export function lookAtFile(place: FilePlace, look: (source: ByteSource) => unknown): BesideFile | null {
  const source = openSourceIn(place.tree, place.inTree);
  if (source === null) return null;
  try {
    if (source.size === 0) throw new FormatError("empty", 0, "the file is empty");
    look(source);
    const path = pathOfPlace(place);
    return { ...place, path, name: showBytes(nameOf(path)), size: source.size, ...sumsOf(source) };
  } finally {
    source.close();
  }
}

export function pathOfPlace({ root, inTree }: FilePlace): HostPath {
  return hostPathOf(root, inTree);
}

function sumsOf(source: ByteSource): Pick<BesideFile, "digest" | "crc"> {
  const digest = startDigest();
  let crc = 0;
  for (const piece of piecesOf(source, 0, source.size, PIECE)) {
    digest.update(piece);
    crc = crc32(piece, crc);
  }
  return { digest: digest.finish(), crc };
}
