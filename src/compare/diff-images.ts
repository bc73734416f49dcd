/** The whole comparison of two images: what came, what went and by which references, what changed in what stayed, and how the bytes are packed. */
import type { TargetPath } from "../core/path.ts";
import { type Caused, groupByCause } from "./causes.ts";
import { type ChangedEntry, type CompareWishes, compareSides } from "./compare-sides.ts";
import { type ContentChange, contentChanges } from "./content-changes.ts";
import { foldOf, UNFOLDED } from "./fold.ts";
import type { Packing, Side, SideEntry } from "./side.ts";
import type { Sketch } from "./sketch.ts";

export interface ReadSide extends Side {
  /** What is in some of its files; those that could not be looked into are left out. */
  readonly sketch: (paths: readonly TargetPath[]) => Promise<ReadonlyMap<TargetPath, Sketch>>;
}

export interface ImageDiff {
  readonly added: readonly Caused[];
  readonly removed: readonly Caused[];
  readonly changed: readonly ChangedFile[];
  /** How many entries have another time. */
  readonly otherTimes: number;
  /** Null: the bytes are the same, or one side has none, or nobody wants to know. */
  readonly packing: readonly [before: Packing, after: Packing] | null;
  /** Bytes of all files, before and after. */
  readonly unpacked: readonly [number, number];
  /** Bytes of the files of the images; null: a side is none. */
  readonly file: readonly [number, number] | null;
}

export interface ChangedFile extends ChangedEntry {
  /** Of what is in it; empty: nothing that has a name. */
  readonly content: readonly ContentChange[];
}

/** More changed files than these are not looked into: an image of other sources has others everywhere. */
const MOST_LOOKED_INTO = 2000;

export async function diffImages(
  first: ReadSide,
  second: ReadSide,
  wishes: CompareWishes,
): Promise<ImageDiff> {
  const { added, removed, changed, otherTimes } = compareSides(first, second, wishes);
  const folds = wishes.isFolded
    ? { first: foldOf(first.entries.keys()), second: foldOf(second.entries.keys()) }
    : { first: UNFOLDED, second: UNFOLDED };
  const { isFolded } = wishes;
  const here = { own: second.traced, other: first.traced, folds: { own: folds.second, other: folds.first } };
  const there = { own: first.traced, other: second.traced, folds: { own: folds.first, other: folds.second } };
  return {
    added: groupByCause(added, { ...here, isFolded }),
    removed: groupByCause(removed, { ...there, isFolded }),
    changed: await lookInto(changed, first, second),
    otherTimes,
    packing: otherPacking(first, second, wishes),
    unpacked: [unpackedOf(first), unpackedOf(second)],
    file: first.packing && second.packing && [first.packing.size, second.packing.size],
  };
}

/** Whether there is anything at all. */
export function isDifferent({ added, removed, changed, otherTimes, packing }: ImageDiff): boolean {
  return added.length + removed.length + changed.length + otherTimes > 0 || packing !== null;
}

async function lookInto(
  changed: readonly ChangedEntry[],
  first: ReadSide,
  second: ReadSide,
): Promise<ChangedFile[]> {
  const files = changed.filter(({ facts }) => facts.includes("content")).slice(0, MOST_LOOKED_INTO);
  const before = await first.sketch(files.map((file) => file.before.path));
  const after = await second.sketch(files.map((file) => file.after.path));
  return changed.map((entry) => {
    const [was, is] = [before.get(entry.before.path), after.get(entry.after.path)];
    const isContent = entry.facts.includes("content") && was !== undefined && is !== undefined;
    return { ...entry, content: isContent ? contentChanges(was, is) : [] };
  });
}

function otherPacking(
  { packing: before }: Side,
  { packing: after }: Side,
  { ignored }: CompareWishes,
): ImageDiff["packing"] {
  if (before === null || after === null || ignored.has("packing")) return null;
  return before.digest === after.digest ? null : [before, after];
}

function unpackedOf({ entries }: Side): number {
  let sum = 0;
  for (const { size } of entries.values() as Iterable<SideEntry>) sum += size;
  return sum;
}
