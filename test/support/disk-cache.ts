/** Caches on a disk, for tests. */
import { open } from "node:fs/promises";
import type { TestContext } from "node:test";
import type { Digest } from "../../src/core/digest.ts";
import { hexOfDigest } from "../../src/core/digest.ts";
import { processNames } from "../../src/host/processes.ts";
import { type CacheStore, openCacheStore } from "../../src/store/cacache-store.ts";
import type { CacheUser } from "../../src/store/cache-user.ts";
import { hostPath } from "./disk-files.ts";

/** A user that does not wait long. */
export function cacheUser(changes: Partial<CacheUser> = {}): CacheUser {
  return { processes: processNames(), purpose: "a test", now: () => Date.now(), waitMs: 200, ...changes };
}

/** A store that is closed after the test. */
export async function openStore(t: TestContext, directory: string): Promise<CacheStore> {
  const store = await openCacheStore(hostPath(directory), cacheUser());
  t.after(() => store.close());
  return store;
}

/** Where cacache keeps content. */
export function contentFile(directory: string, digest: Digest): string {
  const hex = hexOfDigest(digest);
  return `${directory}/content-v2/sha256/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex.slice(4)}`;
}

/** Changes one bit in place, as a failing disk does. */
export async function flipBit(path: string, position = 0): Promise<void> {
  const file = await open(path, "r+");
  const byte = new Uint8Array(1);
  await file.read(byte, 0, 1, position);
  byte[0]! ^= 1;
  await file.write(byte, 0, 1, position);
  await file.close();
}
