/** A plan as explanations see it. */
import type { Digest } from "../core/digest.ts";
import type { FileEntry } from "../core/entry.ts";
import { overriddenIn } from "../plan/entries.ts";
import { originalPaths } from "../plan/originals.ts";
import type { LayerPlan, Plan, PlannedEntry, SegmentPlan } from "../plan/plan.ts";
import type { TracedEntry, TracedImage } from "./traced-image.ts";

/** What is known of it beside the plan. */
export interface PlanToTrace {
  readonly name: string;
  readonly plan: Plan;
  /** Of files that were read for their digests. */
  readonly contents: ReadonlyMap<FileEntry, Digest>;
  /** Bytes of a segment's member; null: it has not been made. */
  readonly compressedOf: (segment: SegmentPlan) => number | null;
}

export function tracePlan({ name, plan, contents, compressedOf }: PlanToTrace): TracedImage {
  const overridden = overriddenIn(plan);
  const originalOf = originalPaths(plan);
  const entries = plan.layers.flatMap((layer, number) =>
    [...segmentedEntries(layer)].map(([planned, segment]): TracedEntry => {
      const { entry, because } = planned;
      const { path, kind, mode, uid, gid } = entry;
      return {
        path,
        original: originalOf(path),
        kind,
        size: entry.kind === "file" ? entry.size : 0,
        digest: entry.kind === "file" ? (contents.get(entry) ?? entry.content) : null,
        to: entry.kind === "symlink" ? entry.to : null,
        mode,
        uid,
        gid,
        major: "major" in entry ? entry.major : 0,
        minor: "minor" in entry ? entry.minor : 0,
        layer: number,
        segment,
        overriddenBy: overridden(number, path),
        node: because?.node ?? null,
      };
    }),
  );
  const layers = plan.layers.map((layer) => ({
    name: layer.name,
    segments: layer.segments.map((segment) => ({ size: segment.size, compressed: compressedOf(segment) })),
  }));
  return { name, layers, entries, references: plan.references };
}

/** The entries of a layer, each with the number of its segment. */
function* segmentedEntries({ entries, segments }: LayerPlan): Generator<[PlannedEntry, number]> {
  let from = 0;
  for (const [segment, { entries: own }] of segments.entries()) {
    for (const planned of entries.slice(from, from + own.length)) yield [planned, segment];
    from += own.length;
  }
}
