/** A planned build, for people and for programs. */
import { showPath } from "../../core/path.ts";
import type { Foreseen, ForeseenSegment } from "../../foresee.ts";
import { FIT_EXTENSION, UINITRD_EXTENSION, UKI_EXTENSION } from "../../image/wrapping.ts";
import { type Estimate, estimateSize, type Timings } from "../work/estimate.ts";
import type { PieceReasons } from "../work/piece-reasons.ts";
import { safeText } from "./safe.ts";
import { showCount, showSize, showTime } from "./size.ts";
import { layoutTable } from "./table.ts";

export interface Planned {
  readonly foreseen: Foreseen;
  readonly reasons: PieceReasons;
  readonly timings: Timings;
  readonly estimate: Estimate;
  /** Milliseconds that it took to decide, reading included. */
  readonly decidedMs: number;
}

export function planText(planned: Planned, out: string): string {
  const { foreseen, reasons } = planned;
  const size = showSize(unpackedOf(foreseen));
  const head = `${fileOf(foreseen)}: ${showCount(countOf(foreseen), "entry", "entries")}, ${size} of files`;
  const pieces = [...earlyRows(foreseen), ...segmentRows(planned)];
  const rows = layoutTable(
    pieces.map(({ row }) => row),
    ["left", "right", "right", "left", "left"],
  );
  const lines = rows.flatMap((row, at) => {
    const { why } = pieces[at]!;
    return [`  ${row}`, ...(why === null ? [] : [`      ${why}`])];
  });
  const { cached, made } = countsOf(foreseen);
  const sum = `${showCount(cached + made, "piece")}: ${cached} cached, ${made} to be made`;
  const compared = reasons.hasEarlier
    ? []
    : [`why: ${out} has no earlier image of this name to compare with`];
  return [...[head, ...lines, sum, ...compared, timeText(planned)].map(safeText), ""].join("\n");
}

interface PieceRow {
  readonly row: readonly string[];
  readonly why: string | null;
}

function earlyRows({ decision }: Foreseen): PieceRow[] {
  return decision.early.map((one, at) => ({
    row: ["prepended", String(at + 1), showSize(one.size), "as it is", ""],
    why: null,
  }));
}

function segmentRows({ foreseen, reasons, timings }: Planned): PieceRow[] {
  return foreseen.layers.flatMap((layer) =>
    layer.segments.map((segment, index) => ({
      row: [
        `layer ${layer.name}, ${layer.compressor.name}`,
        String(index + 1),
        showSize(segment.plan.size),
        stateOf(segment, estimateSize(layer, segment, timings)),
        rangeOf(segment),
      ],
      why: reasons.of(segment),
    })),
  );
}

/** "cached, 5.1 MiB", "to be made, about 5.1 MiB", "written as it is read". */
function stateOf({ as, cached }: ForeseenSegment, estimated: number | null): string {
  if (as === "read") return "written as it is read";
  if (cached === null) return estimated === null ? "to be made" : `to be made, about ${showSize(estimated)}`;
  return as === "stream" ? `cached, all in ${showSize(cached)}` : `cached, ${showSize(cached)}`;
}

function timeText({ estimate, decidedMs }: Planned): string {
  const { compressMs, bytes, by, asRead } = estimate;
  const decided = `${showTime(decidedMs)} to decide, as just now`;
  const writing = asRead === 0 ? "" : `, and what it takes to read and write ${showSize(asRead)}`;
  const unseen = by.filter(({ seen }) => seen === null).map(({ name }) => name);
  if (unseen.length > 0) {
    return `time: no estimate, nothing was compressed here yet by ${unseen.join(" and ")}; ${decided}`;
  }
  if (compressMs === null || bytes === 0) return `time: about ${decided}${writing}`;
  const seen = by.map((one) => `${one.name} did with ${showSize(one.seen!)} here`).join(" and ");
  const total = showTime(decidedMs + compressMs);
  return `time: about ${total}: ${decided}; ${showTime(compressMs)} to compress ${showSize(bytes)}, by what ${seen}${writing}`;
}

function countsOf({ layers }: Foreseen) {
  const segments = layers.flatMap((layer) => layer.segments);
  const cached = segments.filter((segment) => segment.cached !== null).length;
  return { cached, made: segments.length - cached };
}

/** Bytes of all files. */
function unpackedOf({ layers }: Foreseen): number {
  const entries = layers.flatMap(({ segments }) => segments.flatMap(({ plan }) => plan.entries));
  return entries.reduce((sum, entry) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}

function rangeOf({ plan: { entries } }: ForeseenSegment): string {
  return `${showPath(entries[0]!.path)} to ${showPath(entries.at(-1)!.path)}`;
}

function fileOf({ decision: { spec } }: Foreseen): string {
  const { fit, uInitrd, uki, extension } = spec.image;
  if (fit !== null) return `${spec.name}${FIT_EXTENSION}`;
  if (uki !== null) return `${spec.name}${UKI_EXTENSION}`;
  return `${spec.name}${uInitrd === null ? extension : UINITRD_EXTENSION}`;
}

function countOf({ layers }: Foreseen): number {
  return layers.reduce(
    (sum, { segments }) => sum + segments.reduce((all, one) => all + one.plan.entries.length, 0),
    0,
  );
}

export function planJson({ foreseen, reasons, timings, estimate, decidedMs }: Planned): object {
  const { decision, layers } = foreseen;
  const { spec, early } = decision;
  const { cached, made } = countsOf(foreseen);
  const { compressMs, bytes, by } = estimate;
  return {
    name: spec.name,
    file: fileOf(foreseen),
    entries: countOf(foreseen),
    unpacked: unpackedOf(foreseen),
    early: early.map(({ size, digest, kind }) => ({ size, digest, kind })),
    layers: layers.map((layer) => ({
      name: layer.name,
      compressor: layer.compressor.name,
      segments: layer.segments.map((segment) => {
        const { key, as, cached: cachedSize, plan } = segment;
        const { size, entries } = plan;
        return {
          key,
          as,
          size,
          entries: entries.length,
          first: showPath(entries[0]!.path),
          last: showPath(entries.at(-1)!.path),
          cachedSize,
          estimatedSize: estimateSize(layer, segment, timings),
          why: reasons.of(segment),
        };
      }),
    })),
    cached,
    toBeMade: made,
    estimate: {
      seconds: compressMs === null ? null : secondsOf(decidedMs + compressMs),
      decideSeconds: secondsOf(decidedMs),
      compressSeconds: compressMs === null ? null : secondsOf(compressMs),
      bytes,
      by,
    },
  };
}

function secondsOf(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
