/**
 * A layer is cut into segments between entries, so that one changed file costs one segment. Where to cut
 * depends on the names and sizes around the place alone: a file more moves no cut but its neighbours'.
 */
import type { Entry } from "../core/entry.ts";
import type { TargetPath } from "../core/path.ts";
import { cpioSizeOf } from "../formats/cpio.ts";
import type { ImageSpec } from "../spec/image-spec.ts";
import { isRead, segmentKey } from "./key.ts";
import type { SegmentPlan } from "./plan.ts";

const MIB = 1 << 20;
/**
 * Bytes of cpio: no cut before the first, one at the third at the latest; between them one in `spread` on average.
 * A compressor begins each segment knowing nothing: zstd -10 makes 260 MB of programs 7 % larger in pieces of 4 MiB, 3 %
 * in pieces of 8, 1 % in pieces of 16. What is not compressed is cut shorter, for the sake of memory.
 */
const COMPRESSED = { atLeast: 14 * MIB, spread: 5 * MIB, atMost: 24 * MIB };
const PLAIN = { atLeast: 4 * MIB, spread: 4 * MIB, atMost: 16 * MIB, apartFrom: Number.POSITIVE_INFINITY };
/**
 * Directories of the root are kept apart from this size on: what changes often lies in other ones than what is large.
 * A root of more names is none that people laid out.
 */
const APART_FROM = 16 << 10;
const MOST_APART = 64;

/** How a layer is cut. */
export type LayerCut = Pick<ImageSpec, "compressor" | "isSolid" | "epoch">;

/** `number` gives inode numbers: those of an image of one layer, where nothing else is said. */
export function cutSegments(
  entries: readonly Entry[],
  image: LayerCut,
  number: Numbering = image.compressor.format === "none" ? numberThrough() : numberApart(),
): SegmentPlan[] {
  const isPlain = image.compressor.format === "none";
  const runs = image.isSolid ? [[...entries]] : cutRuns(entries, isPlain ? PLAIN : cutsOf(entries));
  return runs.map((run) => {
    const firstInode = number(run);
    const size = run.reduce((sum, entry) => sum + cpioSizeOf(entry), 0);
    const parts = { entries: run, contents: null, firstInode, epoch: image.epoch };
    const key = isRead(run) ? segmentKey(parts) : null;
    return { key, firstInode, entries: run, size };
  });
}

type Cuts = typeof PLAIN;

function cutsOf(entries: readonly Entry[]): Cuts {
  const names = entries.reduce((count, { path }) => count + Number(!path.includes("/")), 0);
  return { ...COMPRESSED, apartFrom: names <= MOST_APART ? APART_FROM : PLAIN.apartFrom };
}

function cutRuns(entries: readonly Entry[], cuts: Cuts): Entry[][] {
  const runs: Entry[][] = [];
  let run: Entry[] = [];
  let size = 0;
  for (const entry of entries) {
    const next = cpioSizeOf(entry);
    if (run.length > 0 && isCut(size, next, entry.path, cuts)) {
      runs.push(run);
      run = [];
      size = 0;
    }
    run.push(entry);
    size += next;
  }
  return run.length > 0 ? [...runs, run] : runs;
}

/** A long entry is a likelier place to cut before than a short one, so cuts are even in bytes, not in entries. */
function isCut(size: number, next: number, path: TargetPath, cuts: Cuts): boolean {
  if (size + next > cuts.atMost) return true;
  if (size >= cuts.apartFrom && !path.includes("/")) return true;
  if (size < cuts.atLeast) return false;
  return hash32(path) / 2 ** 32 < next / cuts.spread;
}

/** Gives the number of the first of some entries; the others count on from there. */
export type Numbering = (run: readonly Entry[]) => number;

/** As GNU cpio numbers: from 0, through the whole archive. */
function numberThrough(): Numbering {
  let next = 0;
  return (run) => {
    const first = next;
    next += run.length;
    return first;
  };
}

/**
 * For compressed segments, and for several layers: numbers that an inserted file elsewhere does not move, and that no two segments
 * share (libarchive takes two directories of one number for one). They begin at the hash of the first name;
 * where that range is taken, behind it. The first segment begins at 0, as an archive of its own would.
 */
export function numberApart(): Numbering {
  const taken: { from: number; to: number }[] = [];
  return (run) => {
    let from = taken.length === 0 ? 0 : hash32(run[0]!.path) >>> 1;
    for (let clash = overlap(); clash; clash = overlap()) from = clash.to;
    taken.push({ from, to: from + run.length });
    return from;
    function overlap(): { to: number } | undefined {
      return taken.find((range) => from < range.to && range.from < from + run.length);
    }
  };
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/), with a last mix: short names differ little. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
