/** The content of a file of the closure that nobody has read yet, for the few whose digest is asked for early. */
import { type Digest, digestOf } from "../core/digest.ts";
import { digestOfFile } from "../core/digest-file.ts";
import type { FileEntry } from "../core/entry.ts";
import type { SourceTrees } from "./trees.ts";

/** Reads a file's bytes for their digest, unless it is known. The function throws what the tree throws. */
export function contentReader(trees: SourceTrees): (entry: FileEntry) => Digest {
  return ({ content, source, size }) => {
    if (content !== null) return content;
    if (source.from === "recipe") return digestOf(source.bytes);
    const file = trees[source.tree].open(source.path);
    try {
      return digestOfFile(file, size).digest; // where it shrank, the layer's writer will notice and say so
    } finally {
      file.close();
    }
  };
}
