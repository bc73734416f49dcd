/** What an image unpacks to, in memory: all that is in it can be opened at once. */

import type { LoadableTree } from "../../src/check/proofs/subject.ts";
import { childOf, ROOT, type TargetPath } from "../../src/core/path.ts";
import { type MemoryFile, memoryTree } from "./memory-tree.ts";

export function loadableTree(files: Readonly<Record<string, MemoryFile>>): LoadableTree {
  const tree = memoryTree("/image", files);
  const below = (directory: TargetPath): TargetPath[] =>
    tree.list(directory).flatMap((name) => {
      const path = childOf(directory, name);
      return tree.stat(path)?.kind === "directory" ? [path, ...below(path)] : [path];
    });
  const paths = below(ROOT).sort();
  return { ...tree, paths: () => paths, load: async () => {}, isLoaded: () => true };
}
