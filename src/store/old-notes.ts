/** What builds noted for later ones (input-file.ts, build-record.ts, plan-record.ts, timings.ts) and nobody will read again. */
import { readdir, rm, stat } from "node:fs/promises";
import { BUILDS } from "./build-record.ts";
import { type CacheDirectory, nullWhereMissing } from "./cache-directory.ts";
import { INPUTS } from "./input-memory.ts";
import { MOST_AGE_MS } from "./note-file.ts";
import { PLANS } from "./plan-record.ts";
import { TIMINGS } from "./timings.ts";

/** Records of builds serve for a day; memories of trees and times go as content does, where its age is limited. */
export async function removeOldNotes(
  cache: CacheDirectory,
  nowMs: number,
  maxAgeMs: number | null,
): Promise<void> {
  for (const notes of [BUILDS, PLANS]) await removeOlder(`${cache.path}/${notes}`, nowMs - MOST_AGE_MS);
  if (maxAgeMs === null) return;
  for (const notes of [INPUTS, TIMINGS]) await removeOlder(`${cache.path}/${notes}`, nowMs - maxAgeMs);
}

async function removeOlder(directory: string, limitMs: number): Promise<void> {
  for (const name of (await readdir(directory).catch(nullWhereMissing)) ?? []) {
    const facts = await stat(`${directory}/${name}`).catch(nullWhereMissing);
    if (facts !== null && facts.mtimeMs < limitMs) await rm(`${directory}/${name}`, { force: true });
  }
}
