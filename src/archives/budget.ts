/**
 * What archives may cost while they are read: a file of a few megabytes can unpack to members without end. Real
 * systems stay far below; who is above is told so, instead of running out of memory.
 */
import type { HostPath, TargetPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { TarMember } from "./tar-members.ts";

export interface Limits {
  /** Members of all archives together, and the directories that they leave out. */
  readonly entries: number;
  /** Bytes of names and of links' targets. */
  readonly text: number;
  /** Pieces of sparse files. */
  readonly pieces: number;
  /** Bytes of paths that are looked up, part by part: deep directories and symlinks cost time, not room. */
  readonly lookups: number;
}

/** About 1 GiB of memory, and less than a minute for looking up. */
export const LIMITS: Limits = { entries: 1_000_000, text: 2 ** 28, pieces: 1_000_000, lookups: 2 ** 32 };

/** What one costs besides its bytes. */
const LOOK_UP = 64;

const WHAT: Readonly<Record<keyof Limits, (limit: number) => string>> = {
  entries: (limit) => `more than ${limit} files and directories`,
  text: (limit) => `names of more than ${limit} bytes together`,
  pieces: (limit) => `sparse files of more than ${limit} pieces together`,
  lookups: () => "too many deep directories, or symlinks that lead through too many directories",
};

/** One for all archives of a tree. Its methods throw BuildFailure (archives/too-large). */
export class Budget {
  readonly #path: HostPath;
  readonly #limits: Limits;
  readonly #spent = { entries: 0, text: 0, pieces: 0, lookups: 0 };

  constructor(path: HostPath, limits: Limits = LIMITS) {
    this.#path = path;
    this.#limits = limits;
  }

  /** What keeping a member in memory costs. */
  member({ name, to, extents }: TarMember): void {
    this.spend("entries", 1);
    this.spend("text", name.length + to.length);
    this.spend("pieces", Math.max(0, extents.length - 1));
  }

  lookUp(path: TargetPath): void {
    this.spend("lookups", path.length + LOOK_UP);
  }

  spend(what: keyof Limits, amount: number): void {
    this.#spent[what] += amount;
    const limit = this.#limits[what];
    if (this.#spent[what] <= limit) return;
    throw new BuildFailure([{ code: "archives/too-large", path: this.#path, has: WHAT[what](limit) }]);
  }
}
