/**
 * The store on disk. The layout and the index are cacache's; content is written here, because cacache's writer
 * keeps a damaged file where good bytes are put over it, refuses empty content, and tells every failed move as
 * EEXIST. Content is written to a scratch file, hashed on the way, and renamed over whatever lies at its place.
 */
import type { Stats } from "node:fs";
import { mkdir, mkdtemp, open, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { type ActionKey, type Digest, startDigest } from "../core/digest.ts";
import { bytesOf, type HostPath, type TargetPath } from "../core/path.ts";
import { DamagedContent, type FileLook, type Store, type StoredContent } from "../core/ports.ts";
import { type CacheDirectory, makeCacheDirectory, nullWhereMissing } from "./cache-directory.ts";
import { errnoOf, problemOf, usingCache } from "./cache-error.ts";
import { lockCache, removeScratchOfTheDead } from "./cache-lock.ts";
import type { CacheUser } from "./cache-user.ts";
import { contentPath, findIn, inPieces, integrityOf, piecesOf, writeFully } from "./content.ts";

export interface CacheStore extends Store {
  /** Removes this store's scratch files and lets go of the cache. */
  close(): Promise<void>;
}

/**
 * Opens the cache in a directory, which is made where it is missing, and shares it with other builds until it is
 * closed. Throws BuildFailure: host/cache-unusable, host/not-a-cache, host/cache-busy (somebody cleans it).
 * The store's methods throw host/cache-unusable (no room, say) besides what `Store` says.
 */
export async function openCacheStore(directory: HostPath, user: CacheUser): Promise<CacheStore> {
  const cache = await makeCacheDirectory(directory, user.processes);
  return usingCache(directory, async () => {
    const scratch = await mkdtemp(`${cache.tmp}/${user.processes.self}.`);
    try {
      const lock = await lockCache(cache, { kind: "shared", owner: basename(scratch) }, user);
      await removeScratchOfTheDead(cache, user);
      const release = async (): Promise<void> => {
        await rm(scratch, { recursive: true, force: true });
        await lock.release();
      };
      return await storeIn(cache, { scratch, user, release });
    } catch (error) {
      await rm(scratch, { recursive: true, force: true });
      throw error;
    }
  });
}

/** A cache for one build alone, in a new directory below `parent`; closing removes it. */
export async function openThrowAwayStore(parent: HostPath, user: CacheUser): Promise<CacheStore> {
  const directory = await usingCache(parent, async () => {
    return bytesOf(await mkdtemp(`${textOf(parent)}/initgraph-cache-`)) as HostPath;
  });
  const store = await openCacheStore(directory, user);
  const close = async (): Promise<void> => {
    await store.close();
    await rm(textOf(directory), { recursive: true, force: true });
  };
  return { ...store, close };
}

interface Opened {
  readonly scratch: string;
  readonly user: CacheUser;
  readonly release: () => Promise<void>;
}

async function storeIn(cache: CacheDirectory, { scratch, user, release }: Opened): Promise<CacheStore> {
  // Time that other verbs do not pay; the rest of the package, of which nothing is used here, would take as long again.
  const index = await import("cacache/lib/entry-index.js");
  const using = <T>(step: () => Promise<T>): Promise<T> => usingCache(cache.hostPath, step);
  let scratchFiles = 0;
  /** Files whose bytes this process has hashed, by digest: their inode. They are not hashed again. */
  const known = new Map<Digest, number>();
  const touched = new Set<ActionKey>();

  const scratchPath = (): string => `${scratch}/${++scratchFiles}`;

  const keep = async (key: ActionKey, file: string, kept: StoredContent & { label: string }) => {
    const { digest, size, label } = kept;
    const path = contentPath(cache, digest);
    const { ino } = await stat(file);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(file, path);
    known.set(digest, ino);
    const integrity = integrityOf(digest);
    const entry = await index.find(cache.path, key);
    // The index only grows: the same line again would make every later look-up slower.
    if (entry?.integrity !== integrity || entry.size !== size) {
      await index.insert(cache.path, key, integrity, { size, metadata: { label } });
    }
    return { digest, size };
  };

  /**
   * Cleaning goes by the mtime of the index. Content keeps its own times: archives are read where they lie in the
   * store, and a build that finds what it read looking as it did has nothing to do.
   */
  const touch = async (key: ActionKey): Promise<void> => {
    if (touched.has(key)) return;
    touched.add(key);
    const now = new Date(user.now());
    // It only decides what is cleaned up first, so whoever may not set it builds all the same.
    await utimes(index.bucketPath(cache.path, key), now, now).catch((error: unknown) => {
      if (errnoOf(error) === null) throw error;
    });
  };

  async function* read(content: StoredContent): AsyncGenerator<Uint8Array> {
    const file = await using(() => open(contentPath(cache, content.digest)).catch(nullWhereMissing));
    if (file === null) throw new DamagedContent(content);
    try {
      const { ino, size } = await using(() => file.stat());
      if (size !== content.size) throw new DamagedContent(content);
      const digest = known.get(content.digest) === ino ? null : startDigest();
      for (const piece of piecesOf(file)) {
        digest?.update(piece);
        yield piece;
      }
      if (digest !== null && digest.finish() !== content.digest) throw new DamagedContent(content);
      known.set(content.digest, ino);
    } catch (error) {
      // What the disk cannot give back is as good as changed: it is built again.
      if (errnoOf(error) === "EIO") throw new DamagedContent(content);
      throw problemOf(cache.hostPath, error);
    } finally {
      await file.close();
    }
  }

  return {
    read,
    close: () => using(release),
    find: (key) =>
      using(async () => {
        const found = await findIn(cache, index, key);
        if (found !== null) await touch(key);
        return found;
      }),
    put: async (key, chunks, label = "") => {
      const path = scratchPath();
      const file = await using(() => open(path, "wx", 0o600));
      try {
        const digest = startDigest();
        let size = 0;
        for await (const piece of inPieces(chunks)) {
          digest.update(piece);
          await using(() => writeFully(file, piece));
          size += piece.length;
        }
        return await using(() => keep(key, path, { digest: digest.finish(), size, label }));
      } finally {
        await file.close();
        await rm(path, { force: true });
      }
    },
    verifiedFile: async (content, memory) => {
      const path = contentPath(cache, content.digest);
      const file = bytesOf(path) as HostPath;
      const facts = await using(() => stat(path).catch(nullWhereMissing));
      if (facts?.size === content.size && facts.ino === known.get(content.digest)) return file;
      const look = facts === null ? null : lookOf(facts);
      const place = file.slice(1) as TargetPath;
      if (look !== null && memory?.recall(place, look)?.digest === content.digest) return file;
      for await (const _piece of read(content)); // throws where the bytes are others
      if (look !== null) memory?.remember(place, look, { digest: content.digest });
      return file;
    },
    forget: (_key, content) =>
      using(async () => {
        known.delete(content.digest);
        await rm(contentPath(cache, content.digest), { force: true });
      }),
    scratchFile: async () => bytesOf(scratchPath()) as HostPath,
    putFile: (key, file, label = "") =>
      using(async () => {
        const path = textOf(file);
        const digest = startDigest();
        let size = 0;
        const handle = await open(path);
        try {
          for (const piece of piecesOf(handle)) {
            digest.update(piece);
            size += piece.length;
          }
        } finally {
          await handle.close();
        }
        return keep(key, path, { digest: digest.finish(), size, label });
      }),
  };
}

function lookOf({ size, mtimeMs, ctimeMs, ino, dev }: Stats): FileLook {
  return { size, version: { mtimeMs, ctimeMs, inode: ino, device: dev } };
}

/** Paths of the store's own making, or refused already where they are no UTF-8. */
function textOf(path: HostPath): string {
  return Buffer.from(path, "latin1").toString("utf8");
}
