/** How long this machine's compressors take: measured while a build goes on, kept in its cache when it is done. */
import { cpus } from "node:os";
import type { HostPath } from "../core/path.ts";
import type { Timekeeper } from "../core/ports.ts";
import { processNames } from "../host/processes.ts";
import { addTiming, readTiming, type Timing } from "../store/timings.ts";

export interface KeptTimes extends Timekeeper {
  /** What cannot be written is not kept. */
  save(cache: HostPath): void;
}

/** `nowMs`: milliseconds, from any beginning. */
export function keepTimes(nowMs: () => number): KeptTimes {
  const measured = new Map<string, Measured>();
  const of = (compressor: readonly string[]): Measured => {
    const key = JSON.stringify(compressor);
    const known = measured.get(key) ?? new Measured(compressor);
    measured.set(key, known);
    return known;
  };
  return {
    begin: (compressor, taken) => of(compressor).begin(taken, nowMs),
    save: (cache) => {
      const owner = processNames().self;
      for (const { who, timing } of measured.values())
        if (timing !== null) addTiming(cache, onThisMachine(who), timing, owner);
    },
  };
}

/** Of earlier builds of the same cache, on a machine like this. */
export function timingOf(cache: HostPath, compressor: readonly string[]): Timing | null {
  return readTiming(cache, onThisMachine(compressor));
}

/** A cache may be on a disk that machines share. */
function onThisMachine(compressor: readonly string[]): string[] {
  const cores = cpus();
  return [...compressor, cores[0]?.model ?? "", String(cores.length)];
}

/** Of one compressor, in one build. */
class Measured {
  readonly who: readonly string[];
  #timing: Timing = { taken: 0, gave: 0, workMs: 0, busyMs: 0 };
  #atWork = 0;
  #busySince = 0;

  constructor(who: readonly string[]) {
    this.who = who;
  }

  /** Null: nothing was measured, or a piece was begun and failed. */
  get timing(): Timing | null {
    return this.#atWork === 0 && this.#timing.taken > 0 ? this.#timing : null;
  }

  begin(taken: number, nowMs: () => number): (gave: number) => void {
    const begunAt = nowMs();
    if (this.#atWork === 0) this.#busySince = begunAt;
    this.#atWork += 1;
    return (gave) => {
      const now = nowMs();
      this.#atWork -= 1;
      const { taken: allTaken, gave: allGiven, workMs, busyMs } = this.#timing;
      this.#timing = {
        taken: allTaken + taken,
        gave: allGiven + gave,
        workMs: workMs + (now - begunAt),
        busyMs: busyMs + (this.#atWork === 0 ? now - this.#busySince : 0),
      };
    };
  }
}
