/**
 * Builds share the cache; a cleaning has it alone. Whoever comes first writes a file that names it, then looks
 * for others: of two that come at once, at least one sees the other. A killed owner is recognised by its
 * process, so its lock never holds anybody up.
 */
import { readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { BuildFailure } from "../core/problem.ts";
import { type CacheDirectory, nullWhereMissing } from "./cache-directory.ts";
import type { CacheUser } from "./cache-user.ts";

export type LockKind = "shared" | "exclusive";

export interface CacheLock {
  release(): Promise<void>;
}

/** An owner that cannot be judged from here (another container or machine) renews its lock this often. */
const RENEWAL_MS = 30_000;
/** Without renewal for this long it counts as dead. */
export const STALE_MS = 300_000;
const POLL_MS = 50;

/**
 * `owner` is a name that nobody else has: the process's name, a dot and some letters.
 * Throws BuildFailure (host/cache-busy) when the others are still there after the time to wait.
 */
export async function lockCache(
  cache: CacheDirectory,
  lock: { readonly kind: LockKind; readonly owner: string },
  user: CacheUser,
): Promise<CacheLock> {
  const name = `${lock.owner}.${lock.kind}`;
  const path = `${cache.locks}/${name}`;
  const deadline = user.now() + user.waitMs;
  for (;;) {
    await writeFile(path, user.purpose, { mode: 0o600 });
    const others = (await holders(cache, user)).filter(
      (other) => other.name !== name && (lock.kind === "exclusive" || other.kind === "exclusive"),
    );
    if (others.length === 0) return hold(path, user);
    const isLate = user.now() >= deadline;
    // A build makes room for a cleaning; of two cleanings one does, or both would wait for ever.
    const mustYield =
      lock.kind === "shared" || others.some((other) => other.kind === "exclusive" && other.name < name);
    if (isLate || mustYield) await rm(path, { force: true });
    if (isLate) {
      const names = others.map((other) => other.shown);
      throw new BuildFailure([{ code: "host/cache-busy", directory: cache.hostPath, holders: names }]);
    }
    await sleep(POLL_MS);
  }
}

/** Whether the owner of a lock or of scratch files is dead. */
async function isDead(owner: string, cache: CacheDirectory, user: CacheUser): Promise<boolean> {
  const alive = user.processes.isAlive(processOf(owner));
  if (alive !== null) return !alive;
  for (const kind of ["shared", "exclusive"]) {
    const facts = await stat(`${cache.locks}/${owner}.${kind}`).catch(nullWhereMissing);
    if (facts !== null) return isStale(facts.mtimeMs, user);
  }
  const scratch = await stat(`${cache.tmp}/${owner}`).catch(nullWhereMissing);
  return scratch === null || isStale(scratch.mtimeMs, user);
}

/** What builds that were killed left behind. */
export async function removeScratchOfTheDead(cache: CacheDirectory, user: CacheUser): Promise<void> {
  for (const owner of await readdir(cache.tmp)) {
    if (await isDead(owner, cache, user)) await rm(`${cache.tmp}/${owner}`, { recursive: true, force: true });
  }
}

interface Holder {
  readonly name: string;
  readonly kind: LockKind;
  /** "process 4711 (initgraph build recipes/router.yaml)" */
  readonly shown: string;
}

/** The living; locks of the dead are removed on the way. */
async function holders(cache: CacheDirectory, user: CacheUser): Promise<Holder[]> {
  const found: Holder[] = [];
  for (const name of (await readdir(cache.locks)).sort()) {
    const [, owner, kind] = /^(.+)\.(shared|exclusive)$/.exec(name) ?? [];
    if (owner === undefined) continue;
    if (await isDead(owner, cache, user)) {
      await rm(`${cache.locks}/${name}`, { force: true });
      continue;
    }
    const purpose = await readFile(`${cache.locks}/${name}`, "utf8").catch(nullWhereMissing);
    if (purpose === null) continue; // released meanwhile
    found.push({ name, kind: kind as LockKind, shown: show(owner, purpose, user) });
  }
  return found;
}

function show(owner: string, purpose: string, user: CacheUser): string {
  const isHere = user.processes.isAlive(processOf(owner)) !== null;
  const pid = owner.slice(0, owner.indexOf("-"));
  return `process ${pid}${isHere ? "" : " of another machine or container"} (${purpose})`;
}

function hold(path: string, user: CacheUser): CacheLock {
  const renewal = setInterval(() => {
    const now = new Date(user.now());
    // The directory may be gone, with all that the lock protects.
    utimes(path, now, now).catch(() => {});
  }, RENEWAL_MS);
  renewal.unref();
  return {
    release: async () => {
      clearInterval(renewal);
      await rm(path, { force: true });
    },
  };
}

function isStale(mtimeMs: number, user: CacheUser): boolean {
  return user.now() - mtimeMs > STALE_MS;
}

function processOf(owner: string): string {
  return owner.split(".")[0]!;
}
