/** This machine's cache: where it is, and how its store sees this process. */
import { tmpdir } from "node:os";
import { NO_MEMORY } from "../core/no-memory.ts";
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import { processNames } from "../host/processes.ts";
import { type CacheStore, openCacheStore, openThrowAwayStore } from "../store/cacache-store.ts";
import { makeCacheDirectory } from "../store/cache-directory.ts";
import type { CacheUser } from "../store/cache-user.ts";
import { inputMemoryIn, type KeptMemory } from "../store/input-memory.ts";
import { hostPathFrom } from "./files.ts";
import { cachePlace } from "./place.ts";

/** `nowhere`: all that is built is thrown away when the store is closed. */
export type CacheWish = { readonly named: string | null } | "nowhere";

/** How long a build waits for a cleaning of the cache. */
const WAIT_FOR_CLEANING_MS = 5 * 60_000;

/** The store of a build, or of what else is done for a recipe or beside one. Throws BuildFailure. */
export async function openStore(
  cache: CacheWish,
  recipe: string,
  purpose = `initgraph build ${recipe}`,
): Promise<CacheStore> {
  const user = cacheUser(purpose, WAIT_FOR_CLEANING_MS);
  if (cache === "nowhere") return openThrowAwayStore(hostPathFrom(tmpdir()), user);
  const { directory } = await cachePlace(cache.named, recipe);
  return openCacheStore(directory, user);
}

/** For a build that kept nothing in it, but has something to remember. False: there can be none. */
export async function makeCache(directory: HostPath): Promise<boolean> {
  try {
    await makeCacheDirectory(directory, processNames());
    return true;
  } catch (error) {
    if (error instanceof BuildFailure) return false;
    throw error;
  }
}

/** What earlier builds learned of files, in the same cache. */
export async function openMemory(cache: CacheWish, recipe: string): Promise<KeptMemory> {
  if (cache === "nowhere") return { ...NO_MEMORY, save: () => {} };
  const { directory } = await cachePlace(cache.named, recipe);
  return inputMemoryIn(directory, { processes: processNames(), now: Date.now });
}

/** How the store sees this process. `purpose` is what others read who wait for it. */
export function cacheUser(purpose: string, waitMs: number): CacheUser {
  return { processes: processNames(), purpose, now: Date.now, waitMs };
}
