/** What the files of a segment hold, taken without keeping them: before one that is too large for memory is written. */
import type { Digest } from "../core/digest.ts";
import { digestOfFile } from "../core/digest-file.ts";
import type { Entry, FileEntry } from "../core/entry.ts";
import { checkedContent } from "./file-check.ts";
import type { OpenContent } from "./read-content.ts";

/** Throws BuildFailure host/file-changed. */
export function readDigests(entries: readonly Entry[], open: OpenContent): Map<FileEntry, Digest> {
  const contents = new Map<FileEntry, Digest>();
  for (const entry of entries) {
    if (entry.kind !== "file") continue;
    contents.set(entry, entry.content ?? readDigest(entry, open));
  }
  return contents;
}

function readDigest(entry: FileEntry, open: OpenContent): Digest {
  const opened = open(entry.source);
  try {
    const { digest, length } = digestOfFile(opened.file, entry.size);
    return checkedContent(entry, length, digest, opened);
  } finally {
    opened.file.close();
  }
}
