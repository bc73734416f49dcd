/** Whether a file that was read for a layer is the one that the closure saw. */
import type { Digest } from "../core/digest.ts";
import { type FileEntry, treeSourceOf } from "../core/entry.ts";
import { isSameVersion } from "../core/file-version.ts";
import { BuildFailure } from "../core/problem.ts";
import type { OpenContentFile } from "./read-content.ts";

/**
 * To be called when all bytes are read; gives their digest. Throws BuildFailure host/file-changed. A tree that tells
 * versions is believed before a digest that was remembered: a memory may be of another machine's clock.
 */
export function checkedContent(
  entry: FileEntry,
  read: number,
  digest: Digest,
  opened: OpenContentFile,
): Digest {
  const { size, content, source } = entry;
  const seen = treeSourceOf(source)?.version ?? null;
  const isSame =
    seen !== null
      ? isSameVersion(seen, opened.file.versionNow())
      : opened.file.size === size && (content === null || content === digest);
  if (read === size && isSame) return digest;
  throw new BuildFailure([{ code: "host/file-changed", path: opened.path }]);
}
