/** The content of a file of the closure that nobody has read yet, for the few whose digest is asked for early. */
import { type Digest, digestOf } from "../core/digest.ts";
import { digestOfFile } from "../core/digest-file.ts";
import type { ContentSource, FileEntry } from "../core/entry.ts";
import { openRewritten } from "../core/open-rewritten.ts";
import { bytesOf, type HostPath, hostPathOf } from "../core/path.ts";
import type { OpenFile } from "../core/ports.ts";
import type { SourceTrees } from "./trees.ts";

/** Reads a file's bytes for their digest, unless it is known. The function throws what the tree throws. */
export function contentReader(trees: SourceTrees): (entry: FileEntry) => Digest {
  return ({ content, source, size }) => {
    if (content !== null) return content;
    if (source.from === "recipe") return digestOf(source.bytes);
    const file = openIn(trees, source);
    try {
      return digestOfFile(file, size).digest; // where it shrank, the layer's writer will notice and say so
    } finally {
      file.close();
    }
  };
}

function openIn(trees: SourceTrees, source: Exclude<ContentSource, { from: "recipe" }>): OpenFile {
  if (source.from === "tree") return trees[source.tree].open(source.path);
  const { file, rewrites } = source;
  const tree = trees[file.tree];
  const path = hostPathOf(bytesOf(tree.label) as HostPath, file.path);
  return openRewritten(tree.open(file.path), rewrites, path);
}
