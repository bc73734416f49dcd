/** Bytes that are added up: of how many entries, unpacked, and compressed as far as that can be said of a part. */
import type { TracedEntry, TracedImage } from "../trace/traced-image.ts";

export interface Amount {
  readonly entries: number;
  /** Bytes of files. */
  readonly unpacked: number;
  /** Shares of members, rounded; null: some of it is in no member of its own, or has not been compressed yet. */
  readonly compressed: number | null;
}

/** Sums that grow, for many things at once: thing i has the i-th of each. A share that is unknown makes its sum NaN. */
export interface Sums {
  readonly entries: Float64Array;
  readonly unpacked: Float64Array;
  readonly compressed: Float64Array;
}

export function startSums(count: number): Sums {
  return {
    entries: new Float64Array(count),
    unpacked: new Float64Array(count),
    compressed: new Float64Array(count),
  };
}

export function addTo(sums: Sums, thing: number, from: Sums, one: number): void {
  sums.entries[thing]! += from.entries[one]!;
  sums.unpacked[thing]! += from.unpacked[one]!;
  sums.compressed[thing]! += from.compressed[one]!;
}

export function amountOf(sums: Sums, thing: number): Amount {
  const compressed = sums.compressed[thing]!;
  return {
    entries: sums.entries[thing]!,
    unpacked: sums.unpacked[thing]!,
    compressed: Number.isNaN(compressed) ? null : Math.round(compressed),
  };
}

/** The sum of some of them. */
export function amountIn(sums: Sums, things: Iterable<number>): Amount {
  const all = startSums(1);
  for (const thing of things) addTo(all, 0, sums, thing);
  return amountOf(all, 0);
}

/**
 * What each entry of the image costs. A compressor tells of a whole member alone: an entry's share of it is its share of
 * what was compressed, name and padding included. So shares add up to the member, and one by itself is an estimate.
 */
export function entrySums({ entries, layers }: Pick<TracedImage, "entries" | "layers">): Sums {
  const sums = startSums(entries.length);
  const bodies = layers.map(({ segments }) => new Float64Array(segments.length));
  for (const entry of entries) bodies[entry.layer]![entry.segment]! += recordSize(entry);
  for (const [at, entry] of entries.entries()) {
    const { layer, segment, size } = entry;
    const member = layers[layer]!.segments[segment]!.compressed ?? Number.NaN;
    sums.entries[at] = 1;
    sums.unpacked[at] = size;
    sums.compressed[at] = (member * recordSize(entry)) / bodies[layer]![segment]!;
  }
  return sums;
}

const HEADER = 110;

/** Bytes of the entry in the archive. */
function recordSize({ path, kind, size, to }: TracedEntry): number {
  const data = kind === "symlink" ? (to?.length ?? 0) : size;
  return upTo4(HEADER + path.length + 1) + upTo4(data);
}

/** Beyond 32 bits too. */
function upTo4(size: number): number {
  return Math.ceil(size / 4) * 4;
}
