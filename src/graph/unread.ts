/** The content of a file of the closure that nobody has read yet, for the few whose digest is asked for early. */
import { type Digest, digestOf, startDigest } from "../core/digest.ts";
import type { FileEntry } from "../core/entry.ts";
import type { SourceTrees } from "./trees.ts";

const CHUNK_SIZE = 1 << 20;

/** Reads a file's bytes for their digest, unless it is known. The function throws what the tree throws. */
export function contentReader(trees: SourceTrees): (entry: FileEntry) => Digest {
  return ({ content, source, size }) => {
    if (content !== null) return content;
    if (source.from === "recipe") return digestOf(source.bytes);
    const file = trees[source.tree].open(source.path);
    try {
      const digest = startDigest();
      const buffer = new Uint8Array(Math.min(CHUNK_SIZE, size));
      for (let position = 0; position < size; ) {
        const length = file.read(buffer, position);
        if (length === 0) break; // it shrank: the layer's writer will notice and say so
        digest.update(buffer.subarray(0, length));
        position += length;
      }
      return digest.finish();
    } finally {
      file.close();
    }
  };
}
