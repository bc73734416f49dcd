/** What pieces that are to be made will take, by what the same compressors took and gave on this machine before. No record, no estimate. */
import type { Foreseen, ForeseenLayer, ForeseenSegment } from "../../foresee.ts";
import type { CompressorSpec } from "../../spec/compressors.ts";
import type { Timing } from "../../store/timings.ts";

/** Of a compressor by its identity; null: nothing is known of it here. */
export type Timings = (compressor: readonly string[]) => Timing | null;

export interface Estimate {
  /** Milliseconds for all that is to be compressed; null: something is to be made of which nothing is known. */
  readonly compressMs: number | null;
  /** Bytes that are to be compressed. */
  readonly bytes: number;
  /** The compressors that have work to do. */
  readonly by: readonly EstimatedCompressor[];
  /** Bytes that are written as they are read: that takes as long as the disk does. */
  readonly asRead: number;
}

export interface EstimatedCompressor {
  /** For people: "zstd level 19", "xz -9". */
  readonly name: string;
  /** Bytes that it was seen to compress here; null: none. */
  readonly seen: number | null;
}

export function estimateBuild({ layers }: Pick<Foreseen, "layers">, timings: Timings): Estimate {
  const works = worksOf(layers);
  const known = works.map((work) => ({ ...work, timing: timings(work.identity) }));
  const times = known.map(({ timing, ...work }) => timing && timeOf(work, timing));
  return {
    compressMs: times.includes(null) ? null : times.reduce<number>((sum, time) => sum + time!, 0),
    bytes: works.reduce((sum, { bytes }) => sum + bytes, 0),
    by: known.map(({ name, timing }) => ({ name, seen: timing?.taken ?? null })),
    asRead: sizeOf(layers.flatMap(({ segments }) => segments.filter(({ as }) => as === "read"))),
  };
}

/** Bytes of a member that is to be made; null: nothing is known, or it is no member of its own. */
export function estimateSize(
  { packedBy }: Pick<ForeseenLayer, "packedBy">,
  { as, cached, plan }: ForeseenSegment,
  timings: Timings,
): number | null {
  const timing = as === "member" && cached === null && packedBy !== null ? timings(packedBy) : null;
  return timing && Math.max(1, Math.round((plan.size * timing.gave) / timing.taken));
}

/** What one compressor has to do. */
interface Work {
  readonly name: string;
  readonly identity: readonly string[];
  readonly bytes: number;
  readonly largest: number;
  readonly pieces: number;
}

function worksOf(layers: readonly ForeseenLayer[]): Work[] {
  const works = new Map<string, Work>();
  for (const { compressor, packedBy, segments } of layers) {
    const made = segments.filter(({ as, cached }) => as !== "read" && cached === null);
    if (packedBy === null || made.length === 0) continue;
    const key = JSON.stringify(packedBy);
    const { bytes = 0, largest = 0, pieces = 0 } = works.get(key) ?? {};
    // What is one stream is one piece, however many segments it has.
    const isOne = made.some(({ as }) => as === "stream");
    works.set(key, {
      name: nameOfCompressor(compressor),
      identity: packedBy,
      bytes: bytes + sizeOf(made),
      largest: Math.max(largest, isOne ? sizeOf(made) : Math.max(...made.map(({ plan }) => plan.size))),
      pieces: pieces + (isOne ? 1 : made.length),
    });
  }
  return [...works.values()];
}

/** Pieces go on beside one another, as many as were seen to; the largest takes its time all the same. */
function timeOf({ bytes, largest, pieces }: Work, { taken, workMs, busyMs }: Timing): number {
  const beside = Math.max(1, Math.min(pieces, workMs / busyMs));
  return Math.max(bytes / beside, largest) * (workMs / taken);
}

function sizeOf(segments: readonly ForeseenSegment[]): number {
  return segments.reduce((sum, { plan }) => sum + plan.size, 0);
}

export function nameOfCompressor({ name, engine }: CompressorSpec): string {
  switch (engine.by) {
    case "nobody":
      return name;
    case "builtin":
      return `${name} level ${engine.level}`;
    case "program":
      return [name, ...engine.args].join(" ");
  }
}
