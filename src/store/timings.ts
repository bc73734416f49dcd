/**
 * How long compressing took on this machine, kept in the cache for estimates: one small file for each compressor and machine, JSON.
 * Nothing else depends on it; one that cannot be read is as good as none.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeUtf8, type HostPath } from "../core/path.ts";
import { errnoOf } from "./cache-error.ts";
import { replaceFile } from "./replace-file.ts";

export const TIMINGS = "timings-v1";

export interface Timing {
  /** Bytes into the compressor, and out of it. */
  readonly taken: number;
  readonly gave: number;
  /** Milliseconds of all pieces one after the other, and in which any of them was at work: they go on beside one another. */
  readonly workMs: number;
  readonly busyMs: number;
}

/** What was measured longer ago counts for less. Bytes into the compressor. */
const MOST_TAKEN = 2 ** 31;

/** `who`: the identity of the compressor, and what tells machines apart. Null: there is none. */
export function readTiming(cache: HostPath, who: readonly string[]): Timing | null {
  try {
    const { taken, gave, workMs, busyMs } = JSON.parse(readFileSync(fileOf(cache, who), "utf8")) as Timing;
    const isTiming = [taken, gave, workMs, busyMs].every((one) => Number.isFinite(one) && one > 0);
    return isTiming ? { taken, gave, workMs, busyMs } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || errnoOf(error) !== null) return null;
    throw error;
  }
}

/** `owner`: whose process writes. */
export function addTiming(cache: HostPath, who: readonly string[], timing: Timing, owner: string): void {
  const before = readTiming(cache, who);
  const share = before === null || before.taken < MOST_TAKEN ? 1 : 0.5;
  const sum = (of: keyof Timing) => (before?.[of] ?? 0) * share + timing[of];
  const all = { taken: sum("taken"), gave: sum("gave"), workMs: sum("workMs"), busyMs: sum("busyMs") };
  replaceFile(fileOf(cache, who), [Buffer.from(`${JSON.stringify(all)}\n`)], owner);
}

function fileOf(cache: HostPath, who: readonly string[]): string {
  const name = createHash("sha256").update(JSON.stringify(who)).digest("hex");
  return `${decodeUtf8(cache) ?? ""}/${TIMINGS}/${name.slice(0, 32)}`;
}
