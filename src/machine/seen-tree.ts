/**
 * What a build saw of a tree: how each path looked when it was first looked at. In columns, since of a tree of many
 * files a few numbers a path are kept until the build is done, and objects for each would be most of what it holds.
 */
import type { TargetPath } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";

/** Of the names in a directory, in order. */
export type NamesDigest = string;

export interface SeenColumns {
  readonly paths: readonly TargetPath[];
  /** LOOK_LENGTH numbers of each path. */
  readonly looks: Float64Array;
  /** 1 for each file that was opened for more than to scan or to copy it. */
  readonly areRead: Uint8Array;
  /** Of directories whose names were read, by the path's number. */
  readonly names: ReadonlyMap<number, NamesDigest>;
}

export class SeenTree {
  readonly #numbers = new Map<TargetPath, number>();
  #looks = new Float64Array(LOOK_LENGTH * 256);
  readonly #read = new Set<number>();
  readonly #names = new Map<number, NamesDigest>();

  has(path: TargetPath): boolean {
    return this.#numbers.has(path);
  }

  /** The first look counts. False: what matters of it looked different then. */
  note(path: TargetPath, facts: FileFacts | null): boolean {
    const look = lookOf(facts, true);
    const known = this.#numbers.get(path);
    if (known !== undefined) return this.#isSame(look, known);
    const number = this.#numbers.size;
    this.#numbers.set(path, number);
    if ((number + 1) * LOOK_LENGTH > this.#looks.length) {
      const grown = new Float64Array(this.#looks.length * 2);
      grown.set(this.#looks);
      this.#looks = grown;
    }
    this.#looks.set(look, number * LOOK_LENGTH);
    return true;
  }

  noteRead(path: TargetPath): void {
    this.#read.add(this.#numberOf(path));
  }

  /** False: the names were others before. */
  noteNames(path: TargetPath, digest: NamesDigest): boolean {
    const number = this.#numberOf(path);
    const known = this.#names.get(number);
    if (known === undefined) this.#names.set(number, digest);
    return known === undefined || known === digest;
  }

  columns(): SeenColumns {
    const paths = [...this.#numbers.keys()];
    const looks = this.#looks.slice(0, paths.length * LOOK_LENGTH);
    for (let at = 0; at < paths.length; at++) {
      if (this.#hasTimes(at)) continue;
      looks.fill(0, at * LOOK_LENGTH + TIMES, (at + 1) * LOOK_LENGTH);
    }
    const areRead = new Uint8Array(paths.length);
    for (const number of this.#read) areRead[number] = 1;
    return { paths, looks, areRead, names: this.#names };
  }

  #numberOf(path: TargetPath): number {
    const number = this.#numbers.get(path);
    if (number === undefined) throw new TypeError(`nobody has looked at ${path}`);
    return number;
  }

  #isSame(look: readonly number[], number: number): boolean {
    const end = this.#hasTimes(number) ? LOOK_LENGTH : TIMES;
    for (let at = 0; at < end; at++) {
      if (look[at] !== this.#looks[number * LOOK_LENGTH + at]) return false;
    }
    return true;
  }

  #hasTimes(number: number): boolean {
    return this.#looks[number * LOOK_LENGTH] !== DIRECTORY || this.#names.has(number);
  }
}

const KINDS: readonly FileFacts["kind"][] = [
  "file",
  "directory",
  "symlink",
  "char",
  "block",
  "fifo",
  "socket",
];
const DIRECTORY = KINDS.indexOf("directory");
export const LOOK_LENGTH = 7;
/** Where the times begin in a look. */
export const TIMES = 5;
const NOTHING = new Array<number>(LOOK_LENGTH).fill(-1);

/**
 * What must be the same. The times of a directory change with the names in it, which matter only where they were
 * read; each name that was looked for is seen by itself.
 */
export function lookOf(facts: FileFacts | null, isListed: boolean): readonly number[] {
  if (facts === null) return NOTHING;
  const { kind, mode, size, version } = facts;
  const hasTimes = kind !== "directory" || isListed;
  return [
    KINDS.indexOf(kind),
    mode,
    size,
    version?.inode ?? 0,
    version?.device ?? 0,
    hasTimes ? (version?.mtimeMs ?? 0) : 0,
    hasTimes ? (version?.ctimeMs ?? 0) : 0,
  ];
}
