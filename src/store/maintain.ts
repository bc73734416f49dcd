/** `initgraph cache`: what is kept, what may go, and whether it is still what it was. */
import { mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { basename } from "node:path";
import { type ActionKey, type Digest, digestFromHex, startDigest } from "../core/digest.ts";
import type { HostPath } from "../core/path.ts";
import type { StoredContent } from "../core/ports.ts";
import { type CacheDirectory, findCacheDirectory, nullWhereMissing } from "./cache-directory.ts";
import { errnoOf, usingCache } from "./cache-error.ts";
import { lockCache, removeScratchOfTheDead } from "./cache-lock.ts";
import type { CacheUser } from "./cache-user.ts";
import { contentPath, digestOfIntegrity, piecesOf } from "./content.ts";
import { removeOldNotes } from "./old-notes.ts";

export interface CacheEntry {
  readonly key: ActionKey;
  /** What it is, as the build that made it said: "layer system". */
  readonly label: string;
  readonly content: StoredContent;
  /** Milliseconds since 1970. */
  readonly lastUsedMs: number;
}

export interface GarbagePolicy {
  /** Content goes, the longest unused first, until this much is left; null: no such limit. */
  readonly maxBytes: number | null;
  /** Content that was not used for longer goes; null: no such limit. */
  readonly maxAgeMs: number | null;
}

export interface Collected {
  readonly removed: number;
  readonly removedBytes: number;
  readonly kept: number;
  readonly keptBytes: number;
}

export interface CacheVerdict {
  readonly checked: number;
  readonly checkedBytes: number;
  /** Removed, to be built again when asked for. */
  readonly damaged: readonly DamagedEntry[];
}

export interface DamagedEntry {
  readonly digest: Digest;
  readonly size: number;
  readonly labels: readonly string[];
}

/**
 * What the cache holds, the last used first; actions with the same content share its bytes. Empty where there is
 * no cache. Throws BuildFailure: host/cache-unusable, host/not-a-cache.
 */
export async function listCache(directory: HostPath): Promise<CacheEntry[]> {
  const cache = await findCacheDirectory(directory);
  if (cache === null) return [];
  const entries = await usingCache(directory, () => entriesOf(cache));
  return entries.sort((a, b) => b.lastUsedMs - a.lastUsedMs || (a.key < b.key ? -1 : 1));
}

/**
 * Removes what the policy does not keep, content that no action leads to, and what dead builds left. Waits for
 * running builds. Throws BuildFailure: host/cache-unusable, host/not-a-cache, host/cache-busy.
 */
export async function collectGarbage(
  directory: HostPath,
  policy: GarbagePolicy,
  user: CacheUser,
): Promise<Collected> {
  const nothing = { removed: 0, removedBytes: 0, kept: 0, keptBytes: 0 };
  return alone(directory, user, nothing, async (cache) => {
    const uses = lastUses(await entriesOf(cache));
    const useOf = ({ digest }: StoredContent): number => uses.get(digest) ?? Number.NEGATIVE_INFINITY;
    const contents = (await contentsOf(cache)).sort((a, b) => useOf(b) - useOf(a));
    const result = { ...nothing };
    let isFull = false;
    for (const content of contents) {
      const isOld = policy.maxAgeMs !== null && user.now() - useOf(content) > policy.maxAgeMs;
      isFull ||= policy.maxBytes !== null && result.keptBytes + content.size > policy.maxBytes;
      if (isOld || isFull || !uses.has(content.digest)) {
        await rm(contentPath(cache, content.digest), { force: true });
        result.removed++;
        result.removedBytes += content.size;
      } else {
        result.kept++;
        result.keptBytes += content.size;
      }
    }
    await removeEntriesWithoutContent(cache);
    await removeOldNotes(cache, user.now(), policy.maxAgeMs);
    return result;
  });
}

/** Hashes everything again and removes what is damaged. Waits and throws as `collectGarbage` does. */
export async function verifyCache(directory: HostPath, user: CacheUser): Promise<CacheVerdict> {
  const nothing = { checked: 0, checkedBytes: 0, damaged: [] };
  return alone(directory, user, nothing, async (cache) => {
    const entries = await entriesOf(cache);
    const damaged: DamagedEntry[] = [];
    let checkedBytes = 0;
    const contents = await contentsOf(cache);
    for (const { digest, size } of contents) {
      checkedBytes += size;
      if (await isIntact(contentPath(cache, digest), digest)) continue;
      const users = entries.filter((entry) => entry.content.digest === digest);
      damaged.push({ digest, size, labels: users.map((entry) => entry.label) });
      await rm(contentPath(cache, digest), { force: true });
    }
    await removeEntriesWithoutContent(cache);
    return { checked: contents.length, checkedBytes, damaged };
  });
}

async function alone<T>(
  directory: HostPath,
  user: CacheUser,
  nothing: T,
  work: (cache: CacheDirectory) => Promise<T>,
): Promise<T> {
  const cache = await findCacheDirectory(directory);
  if (cache === null) return nothing;
  return usingCache(directory, async () => {
    const scratch = await mkdtemp(`${cache.tmp}/${user.processes.self}.`);
    try {
      const lock = await lockCache(cache, { kind: "exclusive", owner: basename(scratch) }, user);
      try {
        await removeScratchOfTheDead(cache, user);
        return await work(cache);
      } finally {
        await lock.release();
      }
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}

/** Of content by whichever action was asked for it. */
function lastUses(entries: readonly CacheEntry[]): Map<Digest, number> {
  const uses = new Map<Digest, number>();
  for (const { content, lastUsedMs } of entries)
    uses.set(content.digest, Math.max(lastUsedMs, uses.get(content.digest) ?? lastUsedMs));
  return uses;
}

async function contentsOf(cache: CacheDirectory): Promise<StoredContent[]> {
  const names = await readdir(cache.content, { recursive: true }).catch(nullWhereMissing);
  const found: StoredContent[] = [];
  for (const name of names ?? []) {
    const hex = name.replaceAll("/", "");
    if (!/^[0-9a-f]{64}$/.test(hex)) continue;
    const { size } = await stat(`${cache.content}/${name}`);
    found.push({ digest: digestFromHex(hex), size });
  }
  return found;
}

async function entriesOf(cache: CacheDirectory): Promise<CacheEntry[]> {
  const { default: cacache } = await import("cacache");
  const { bucketPath } = await import("cacache/lib/entry-index.js");
  const found: CacheEntry[] = [];
  for (const entry of Object.values(await cacache.ls(cache.path))) {
    const digest = digestOfIntegrity(entry.integrity);
    const facts = digest === null ? null : await stat(contentPath(cache, digest)).catch(nullWhereMissing);
    if (digest === null || facts === null) continue;
    const key = entry.key as ActionKey;
    const index = await stat(bucketPath(cache.path, key)).catch(nullWhereMissing);
    const label: unknown = entry.metadata?.label;
    found.push({
      key,
      label: typeof label === "string" ? label : "",
      content: { digest, size: facts.size },
      // Content that was built again may be younger.
      lastUsedMs: Math.max(facts.mtimeMs, index?.mtimeMs ?? 0),
    });
  }
  return found;
}

async function removeEntriesWithoutContent(cache: CacheDirectory): Promise<void> {
  const { default: cacache } = await import("cacache");
  // Without removeFully a line that says "gone" would be added for ever; the types do not know it.
  const removeEntry = cacache.rm.entry as RemoveEntry;
  for (const { key, integrity } of Object.values(await cacache.ls(cache.path))) {
    const digest = digestOfIntegrity(integrity);
    const facts = digest === null ? null : await stat(contentPath(cache, digest)).catch(nullWhereMissing);
    if (facts === null) await removeEntry(cache.path, key, { removeFully: true });
  }
}

type RemoveEntry = (
  cache: string,
  key: string,
  options: { readonly removeFully: boolean },
) => Promise<unknown>;

async function isIntact(path: string, digest: Digest): Promise<boolean> {
  const file = await open(path);
  try {
    const found = startDigest();
    for (const piece of piecesOf(file)) found.update(piece);
    return found.finish() === digest;
  } catch (error) {
    if (errnoOf(error) !== "EIO") throw error;
    return false;
  } finally {
    await file.close();
  }
}
