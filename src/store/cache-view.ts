/** A cache looked into without a trace: nothing in it is made, locked, removed, or marked as used. */
import { open } from "node:fs/promises";
import { type ActionKey, startDigest } from "../core/digest.ts";
import { bytesOf, type HostPath } from "../core/path.ts";
import { DamagedContent, type StoredContent } from "../core/ports.ts";
import { findCacheDirectory, nullWhereMissing } from "./cache-directory.ts";
import { usingCache } from "./cache-error.ts";
import { contentPath, findIn, piecesOf } from "./content.ts";

export interface CacheView {
  /** What an action gave earlier; null where it never ran or what it gave is gone. Does not read the content. */
  find(key: ActionKey): Promise<StoredContent | null>;
  /** As a store does: throws DamagedContent in place of the end. */
  read(content: StoredContent): AsyncIterable<Uint8Array>;
  /** Where the content lies, its bytes verified. Throws DamagedContent. */
  verifiedFile(content: StoredContent): Promise<HostPath>;
}

/** Null: there is none. Throws BuildFailure: host/cache-unusable, host/not-a-cache. */
export async function lookIntoCache(directory: HostPath): Promise<CacheView | null> {
  const cache = await findCacheDirectory(directory);
  if (cache === null) return null;
  const index = await import("cacache/lib/entry-index.js");
  async function* read(content: StoredContent): AsyncGenerator<Uint8Array> {
    const path = contentPath(cache!, content.digest);
    const file = await usingCache(directory, () => open(path).catch(nullWhereMissing));
    if (file === null) throw new DamagedContent(content);
    try {
      const digest = startDigest();
      for (const piece of piecesOf(file)) {
        digest.update(piece);
        yield piece;
      }
      if (digest.finish() !== content.digest) throw new DamagedContent(content);
    } finally {
      await file.close();
    }
  }
  return {
    read,
    find: (key) => usingCache(directory, () => findIn(cache, index, key)),
    verifiedFile: async (content) => {
      for await (const _piece of read(content)); // throws where the bytes are others
      return bytesOf(contentPath(cache, content.digest)) as HostPath;
    },
  };
}
