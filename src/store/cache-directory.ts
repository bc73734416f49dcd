/**
 * The directory of a cache: what lies in it, how it is made, and how it is told from other directories.
 *
 *     CACHEDIR.TAG                    tells backup programs to pass by (bford.info/cachedir), and us that it is ours
 *     content-v2/sha256/aa/bb/…       content by digest          } cacache's own layout
 *     index-v5/aa/bb/…                action key -> digest       } its mtime: when that was used last
 *     inputs-v1/…                     what builds learned of files, by tree (input-file.ts)
 *     builds-v1/…                     what a build looked at and what it made (build-record.ts)
 *     plans-v1/…                      what it decided (plan-record.ts)
 *     tmp/<owner>/…                   scratch files of running builds
 *     locks/<owner>.shared            who builds; <owner>.exclusive: who cleans
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { decodeUtf8, type HostPath } from "../core/path.ts";
import type { ProcessNames } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { cacheUnusable, errnoOf, usingCache } from "./cache-error.ts";

const SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55";
const OURS = "# initgraph cache";
export const CACHE_TAG = `${SIGNATURE}\n${OURS}\n# For information about cache directory tags see https://bford.info/cachedir/\n`;

/** Whoever makes these at the same time as we do has not written the tag yet, perhaps. */
const OUR_NAMES = /^(CACHEDIR\.TAG.*|content-v\d+|index-v\d+|inputs-v\d+|builds-v\d+|plans-v\d+|tmp|locks)$/;

export interface CacheDirectory {
  readonly hostPath: HostPath;
  /** The same for node:fs and cacache, which take text. */
  readonly path: string;
  readonly tmp: string;
  readonly locks: string;
  /** Where content lies by digest. */
  readonly content: string;
}

/** Makes what is missing. Throws BuildFailure: host/cache-unusable, host/not-a-cache. */
export async function makeCacheDirectory(
  directory: HostPath,
  processes: ProcessNames,
): Promise<CacheDirectory> {
  const cache = namesOf(directory);
  await usingCache(directory, async () => {
    if ((await stat(cache.path).catch(nullWhereMissing))?.isDirectory() === false) {
      throw cacheUnusable(directory, "ENOTDIR", "it is a file");
    }
    // Layers may hold what only their owner may read, so nobody else may read the cache.
    await mkdir(cache.path, { recursive: true, mode: 0o700 });
    if (!(await bearsCacheTag(directory))) await writeTag(cache, processes);
    for (const part of [cache.tmp, cache.locks, cache.content, `${cache.path}/index-v5`]) {
      await mkdir(part, { recursive: true, mode: 0o700 });
    }
  });
  return cache;
}

/** A cache that is there already; null: there is none. Throws BuildFailure: host/cache-unusable, host/not-a-cache. */
export async function findCacheDirectory(directory: HostPath): Promise<CacheDirectory | null> {
  const cache = namesOf(directory);
  return usingCache(directory, async () => {
    const names = await readdir(cache.path).catch(nullWhereMissing);
    if (names === null) return null;
    if (await bearsCacheTag(directory)) return cache;
    if (names.length === 0) return null;
    throw notACache(directory, names[0]!);
  });
}

/** Whether this directory is there and is a cache of ours. */
export async function bearsCacheTag(directory: HostPath): Promise<boolean> {
  const path = decodeUtf8(directory);
  if (path === null) return false;
  try {
    const lines = (await readFile(`${path}/CACHEDIR.TAG`, "latin1")).split("\n");
    return lines[0] === SIGNATURE && lines.includes(OURS);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return false;
  }
}

async function writeTag(cache: CacheDirectory, processes: ProcessNames): Promise<void> {
  const strange = (await readdir(cache.path)).find((name) => !OUR_NAMES.test(name));
  if (strange !== undefined) throw notACache(cache.hostPath, strange);
  const temporary = `${cache.path}/CACHEDIR.TAG.${processes.self}`;
  try {
    await writeFile(temporary, CACHE_TAG);
    await rename(temporary, `${cache.path}/CACHEDIR.TAG`);
  } finally {
    await rm(temporary, { force: true });
  }
}

function namesOf(directory: HostPath): CacheDirectory {
  const path = decodeUtf8(directory);
  if (path === null) throw cacheUnusable(directory, "EILSEQ", "its path is not UTF-8");
  return {
    hostPath: directory,
    path,
    tmp: `${path}/tmp`,
    locks: `${path}/locks`,
    content: `${path}/content-v2/sha256`,
  };
}

function notACache(directory: HostPath, found: string): BuildFailure {
  return new BuildFailure([{ code: "host/not-a-cache", directory, found }]);
}

export function nullWhereMissing(error: unknown): null {
  if (errnoOf(error) !== "ENOENT") throw error;
  return null;
}
