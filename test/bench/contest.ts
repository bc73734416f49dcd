/** One row of the comparison: some commands that do the same, run in turn (A B C, A B C, …). */
import { statSync } from "node:fs";
import type { InputName } from "./inputs.ts";
import { type FailedCommand, type Figures, hasFailed, type measure } from "./measure.ts";
import { lacking, type Need } from "./needs.ts";

export interface Contestant {
  readonly name: string;
  readonly command: readonly string[];
  readonly needs?: readonly Need[];
  /** Before each run; not measured. */
  readonly before?: () => void;
  /** The file that the command makes. */
  readonly output?: string;
}

export interface Row {
  /** For --rows. */
  readonly name: string;
  readonly title: string;
  /** What the plot shows. */
  readonly counts: "cpu" | "wall";
  readonly inputs: readonly InputName[];
  /** What a reader must know of the figures. */
  readonly note?: string;
  /** The first is initgraph, and the others are its peers. */
  readonly contestants: (place: Place) => readonly Contestant[];
}

/** Where a row finds its inputs, and an empty directory of its own on the same disk. */
export interface Place {
  readonly input: (name: InputName) => string;
  readonly work: string;
}

export interface Standing {
  readonly name: string;
  readonly runs: readonly Figures[];
  readonly outputBytes: number | null;
  /** Why there are no runs, or not all. */
  readonly trouble: Trouble | null;
}

/** Missing is what this machine or this variant does not have: nobody's fault. */
export interface Trouble {
  readonly kind: "missing" | "failed";
  /** Of a failure the first line says what failed, the others what it said. */
  readonly says: string;
}

export interface Rules {
  readonly runs: number;
  /** After so long no further round begins. */
  readonly limitSeconds: number;
  readonly measure: typeof measure;
}

/** A round longer than this needs no warming up: what a first one costs more is lost in it, and time is not. */
const LONG_ROUND_SECONDS = 60;

const MOST_OF_A_COMMAND = 400;

export function compete(contestants: readonly Contestant[], rules: Rules): Standing[] {
  const runs = new Map(contestants.map((contestant) => [contestant, [] as Figures[]]));
  const troubles = new Map(contestants.map((contestant) => [contestant, missing(contestant)]));
  const playRound = (): number => {
    let seconds = 0;
    for (const contestant of contestants) {
      if (troubles.get(contestant) !== null) continue;
      contestant.before?.();
      const run = rules.measure(contestant.command);
      if (hasFailed(run)) troubles.set(contestant, describeFailure(run));
      else runs.get(contestant)!.push(run);
      seconds += hasFailed(run) ? 0 : run.wallSeconds;
    }
    return seconds;
  };
  let seconds = playRound();
  if (seconds < Math.min(LONG_ROUND_SECONDS, rules.limitSeconds))
    for (const kept of runs.values()) kept.length = 0;
  const isFull = (): boolean => Math.max(...[...runs.values()].map((kept) => kept.length)) >= rules.runs;
  const canGoOn = (): boolean => [...troubles.values()].some((trouble) => trouble === null);
  while (canGoOn() && !isFull() && seconds < rules.limitSeconds) seconds += playRound();
  return contestants.map((contestant) => ({
    name: contestant.name,
    runs: runs.get(contestant)!,
    outputBytes: contestant.output === undefined ? null : sizeOf(contestant.output),
    trouble: troubles.get(contestant)!,
  }));
}

function missing({ needs = [] }: Contestant): Trouble | null {
  const says = lacking(needs);
  return says === null ? null : { kind: "missing", says };
}

function describeFailure({ command, status, says }: FailedCommand): Trouble {
  // One row names 1,500 files.
  const words = command.join(" ").slice(0, MOST_OF_A_COMMAND);
  return { kind: "failed", says: `failed with ${status ?? "a signal"}: ${words}\n${says}` };
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}
