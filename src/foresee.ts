/** What a build would do, decided as it decides it and left at that: nothing is compressed or written. */
import {
  type BuildPorts,
  besideOf,
  checkUki,
  type Decision,
  type MadeImage,
  type Opened,
  refuse,
} from "./carry-out.ts";
import type { Digest } from "./core/digest.ts";
import type { FileEntry } from "./core/entry.ts";
import { runsOf } from "./image/arrange.ts";
import { identityOfPackings } from "./image/assemble.ts";
import { isSegmented, keeperFor, wholeKey } from "./image/compress.ts";
import { isWrittenAsRead } from "./image/start-image.ts";
import type { Layer, Segment } from "./layers/build-layers.ts";
import { contentOpener } from "./layers/read-content.ts";
import { readDigests } from "./layers/read-digests.ts";
import { overUnpackedBudget } from "./plan/budget.ts";
import { segmentKey } from "./plan/key.ts";
import type { SegmentPlan } from "./plan/plan.ts";
import type { CompressorSpec } from "./spec/compressors.ts";

export interface Foreseen extends Pick<MadeImage, "decision" | "contents" | "beside" | "compressor"> {
  readonly layers: readonly ForeseenLayer[];
}

export interface ForeseenLayer {
  readonly name: string;
  readonly compressor: CompressorSpec;
  /** All that decides what bytes it gives; null: nobody compresses. */
  readonly packedBy: readonly string[] | null;
  readonly segments: readonly ForeseenSegment[];
}

export interface ForeseenSegment extends Pick<Segment, "key"> {
  readonly plan: SegmentPlan;
  /** `member`: compressed, or kept, by itself; `stream`: in one stream with others; `read`: written as it is read. */
  readonly as: "member" | "stream" | "read";
  /** Bytes of the member, or the stream, that the cache holds; null: it is to be made. */
  readonly cached: number | null;
}

/** Reads the files that nobody remembers, for their digests. Throws BuildFailure as `carryOut` does before it writes. */
export async function foresee(
  decision: Decision,
  { trees, packings: packingOf, fitFiles, ukiFiles }: Opened,
  ports: Pick<BuildPorts, "host" | "store">,
): Promise<Foreseen> {
  const { spec, plan } = decision;
  refuse(overUnpackedBudget(spec, plan));
  if (ukiFiles !== null) checkUki(ukiFiles, decision);
  const open = contentOpener(trees, { sysroot: spec.sysroot, store: spec.store.root });
  const packings = plan.layers.map(({ compressor }) => packingOf(compressor));
  const isRead = isWrittenAsRead({ packings, spec });
  const contents = new Map<FileEntry, Digest>();
  const layers: Layer[] = [];
  for (const [at, { name, extension, segments }] of plan.layers.entries()) {
    const keeper = keeperFor(packings[at]!, ports);
    const found: Segment[] = [];
    for (const { entries, firstInode, size } of segments) {
      const digests = readDigests(entries, open);
      for (const [file, digest] of digests) contents.set(file, digest);
      const key = segmentKey({ entries, contents: digests, firstInode, epoch: spec.image.epoch });
      const member = isRead ? null : await keeper.find(key);
      found.push({ key, size, member, wasReused: member !== null });
    }
    layers.push({ name, extension, segments: found });
  }
  const streams = await streamsOf(layers, packings, ports);
  return {
    decision,
    contents,
    beside: besideOf({ fitFiles, ukiFiles }),
    compressor: identityOfPackings(packings),
    layers: layers.map(({ name, segments }, at) => ({
      name,
      compressor: plan.layers[at]!.compressor,
      packedBy: packings[at]?.compressor.identity ?? null,
      segments: segments.map((segment, index): ForeseenSegment => {
        const about = { key: segment.key, plan: plan.layers[at]!.segments[index]! };
        const stream = streams.get(segment);
        if (stream !== undefined) return { ...about, as: "stream", cached: stream };
        return { ...about, as: isRead ? "read" : "member", cached: segment.member?.content.size ?? null };
      }),
    })),
  };
}

/** Of segments that are no members: the bytes of their stream, null where it is to be made. */
async function streamsOf(
  layers: readonly Layer[],
  packings: Parameters<typeof runsOf>[0]["packings"],
  { store }: Pick<BuildPorts, "store">,
): Promise<Map<Segment, number | null>> {
  const streams = new Map<Segment, number | null>();
  const runs = runsOf({ layers, packings });
  for (const [at, { packing, segments }] of runs.entries()) {
    if (packing === null || isSegmented(packing.kind)) continue;
    const bodies = segments.flatMap(({ segment }) => segment.member?.content ?? []);
    const order = { compressor: packing.compressor, hasTrailer: at === runs.length - 1 };
    const isKnown = bodies.length === segments.length;
    const found = isKnown ? await store.find(wholeKey(bodies, order)) : null;
    for (const { segment } of segments) streams.set(segment, found?.size ?? null);
  }
  return streams;
}
