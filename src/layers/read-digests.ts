/** What the files of a segment hold, taken without keeping them: before one that is too large for memory is written. */
import { type Digest, startDigest } from "../core/digest.ts";
import type { Entry, FileEntry } from "../core/entry.ts";
import type { TargetPath } from "../core/path.ts";
import { checkedContent } from "./file-check.ts";
import type { OpenContent } from "./read-content.ts";

const CHUNK_SIZE = 1 << 20;

/** Throws BuildFailure host/file-changed. */
export function readDigests(entries: readonly Entry[], open: OpenContent): Map<TargetPath, Digest> {
  const contents = new Map<TargetPath, Digest>();
  const buffer = new Uint8Array(CHUNK_SIZE);
  for (const entry of entries) {
    if (entry.kind !== "file") continue;
    contents.set(entry.path, entry.content ?? readDigest(entry, buffer, open));
  }
  return contents;
}

function readDigest(entry: FileEntry, buffer: Uint8Array, open: OpenContent): Digest {
  const opened = open(entry.source);
  const digest = startDigest();
  try {
    let position = 0;
    while (position < entry.size) {
      const length = opened.file.read(buffer.subarray(0, entry.size - position), position);
      if (length === 0) break;
      digest.update(buffer.subarray(0, length));
      position += length;
    }
    return checkedContent(entry, position, digest.finish(), opened);
  } finally {
    opened.file.close();
  }
}
