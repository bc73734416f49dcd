/** Files of a tree, read whole. */
import { byteString, type TargetPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import type { PathResolver } from "./resolve-path.ts";

/** The bytes of a regular file at a canonical path. */
export function readWhole(tree: Tree, path: TargetPath): Uint8Array {
  const file = tree.open(path);
  try {
    const bytes = new Uint8Array(file.size);
    let filled = 0;
    while (filled < bytes.length) {
      const length = file.read(bytes.subarray(filled), filled);
      if (length === 0) break; // it shrank: what is parsed of it will say so
      filled += length;
    }
    return bytes.subarray(0, filled);
  } finally {
    file.close();
  }
}

/** A text file, one character for each byte; null: no file is there. */
export function readText(paths: PathResolver, path: TargetPath): string | null {
  const to = paths.resolve(path);
  return to.facts?.kind === "file" ? byteString(readWhole(paths.tree, to.path)) : null;
}
