/**
 * The fourth stage: every segment of the plan as a member of the image in the store, made or found there. Files
 * are read here and nowhere else as a whole, one segment after the other; what is done with a segment's bytes
 * (keeping, compressing) goes on beside that, as many at a time as the machine has jobs for.
 */
import type { ActionKey, Digest } from "../core/digest.ts";
import type { Entry, FileEntry } from "../core/entry.ts";
import { showPath } from "../core/path.ts";
import type { Progress, Store } from "../core/ports.ts";
import { segmentKey } from "../plan/key.ts";
import type { LayerPlan, Plan, SegmentPlan } from "../plan/plan.ts";
import { BodyBuffers } from "./body-buffers.ts";
import type { KeptMember, MemberKeeper } from "./member-keeper.ts";
import type { OpenContent } from "./read-content.ts";
import { readDigests } from "./read-digests.ts";
import { streamEntries } from "./stream-entries.ts";
import { writeBody } from "./write-body.ts";

export interface Layer extends Pick<LayerPlan, "name" | "extension"> {
  readonly segments: readonly Segment[];
}

export interface Segment {
  /** Of its cpio body, without a trailer: everything that can change it. */
  readonly key: ActionKey;
  /** Bytes of that body. */
  readonly size: number;
  /** Null: it stands in the image already. */
  readonly member: KeptMember | null;
  /** Whether the member was in the store already. */
  readonly wasReused: boolean;
}

export interface BuiltLayers {
  readonly layers: readonly Layer[];
  /** What was in the files that were read. */
  readonly contents: ReadonlyMap<FileEntry, Digest>;
}

export interface LayerPorts {
  readonly store: Store;
  readonly tell: Progress;
  readonly open: OpenContent;
  readonly keeperOf: (layer: number) => MemberKeeper;
  /** How many segments may be in memory at a time, beside the one that is being read. */
  readonly jobs: number;
}

/** A larger segment (one large file, or a layer in one piece) goes through the store instead of memory. Bytes. */
const LARGEST_IN_MEMORY = 64 * 2 ** 20;

/** Throws BuildFailure where a file is no longer what the graph saw. */
export async function buildLayers(plan: Plan, epoch: number, ports: LayerPorts): Promise<BuiltLayers> {
  const builder = new LayerBuilder(plan, epoch, ports);
  const orders = plan.layers.flatMap(({ segments }, layer) =>
    segments.map((segment) => ({ ...segment, keeper: ports.keeperOf(layer) })),
  );
  const built = await builder.buildSegments(orders);
  let from = 0;
  const layers = plan.layers.map(({ name, extension, segments }) => {
    const first = from;
    from += segments.length;
    return { name, extension, segments: built.slice(first, from) };
  });
  return { layers, contents: builder.contents };
}

interface SegmentOrder extends SegmentPlan {
  /** Its layer's. */
  readonly keeper: MemberKeeper;
}

class LayerBuilder {
  readonly contents = new Map<FileEntry, Digest>();
  readonly #epoch: number;
  readonly #ports: LayerPorts;
  readonly #buffers: BodyBuffers;
  readonly #total: number;
  #done = 0;
  #bytes = 0;

  constructor(plan: Plan, epoch: number, ports: LayerPorts) {
    this.#epoch = epoch;
    this.#ports = ports;
    this.#buffers = new BodyBuffers(ports.jobs + 1);
    this.#total = plan.layers.reduce((sum, layer) => sum + layer.segments.length, 0);
  }

  /** All that was begun has ended before the first failure is told: nothing goes on behind the caller's back. */
  async buildSegments(plans: readonly SegmentOrder[]): Promise<Segment[]> {
    const begun: Promise<Segment>[] = [];
    let failure: { readonly error: unknown } | null = null;
    for (const plan of plans) {
      try {
        const { segment } = await this.#begin(plan);
        segment.catch((error: unknown) => {
          failure ??= { error };
        });
        begun.push(segment);
      } catch (error) {
        failure ??= { error };
      }
      if (failure !== null) break;
    }
    const settled = await Promise.allSettled(begun);
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
    return settled.map((one) => (one as PromiseFulfilledResult<Segment>).value);
  }

  /** The promise itself: its files are read; that in what it gives: it is kept. */
  async #begin(plan: SegmentOrder): Promise<Begun> {
    const known = plan.key === null ? null : await plan.keeper.find(plan.key);
    if (known !== null) return this.#found(plan, plan.key!, known);
    return plan.size > LARGEST_IN_MEMORY ? this.#streamed(plan) : this.#inMemory(plan);
  }

  async #inMemory(plan: SegmentOrder): Promise<Begun> {
    const buffer = await this.#buffers.take(plan.size);
    let isHandedOver = false;
    try {
      const body = buffer.subarray(0, plan.size);
      const contents = writeBody(plan, this.#epoch, body, this.#ports.open);
      const key = this.#keyOf(plan, contents);
      // Files that nobody remembered may be those of a segment that is known.
      const found = key === plan.key ? null : await plan.keeper.find(key);
      if (found !== null) return this.#found(plan, key, found);
      const kept = plan.keeper.keepBytes(key, body, labelOf(plan));
      isHandedOver = true;
      return {
        segment: this.#finish(
          plan,
          key,
          kept.finally(() => this.#buffers.give(buffer)),
        ),
      };
    } finally {
      if (!isHandedOver) this.#buffers.give(buffer);
    }
  }

  async #streamed(plan: SegmentOrder): Promise<Begun> {
    const { store, open } = this.#ports;
    const { keeper } = plan;
    const contents = readDigests(plan.entries, open);
    const key = this.#keyOf(plan, contents);
    const found = key === plan.key ? null : await keeper.find(key);
    if (found !== null) return this.#found(plan, key, found);
    const known = { ...plan, entries: withContents(plan.entries, contents) };
    const body = await store.put(key, streamEntries(known, this.#epoch, open), labelOf(plan));
    // One at a time: it is large, and what follows may have to stand behind it.
    const member = await keeper.keepContent(key, body, labelOf(plan));
    return { segment: this.#finish(plan, key, Promise.resolve(member)) };
  }

  #keyOf({ entries, firstInode }: SegmentPlan, contents: ReadonlyMap<FileEntry, Digest>): ActionKey {
    for (const [entry, digest] of contents) this.contents.set(entry, digest);
    return segmentKey({ entries, contents, firstInode, epoch: this.#epoch });
  }

  #found(plan: SegmentPlan, key: ActionKey, member: KeptMember): Begun {
    this.#tell(plan);
    return { segment: Promise.resolve({ key, size: plan.size, member, wasReused: true }) };
  }

  async #finish(plan: SegmentPlan, key: ActionKey, kept: Promise<KeptMember | null>): Promise<Segment> {
    const member = await kept;
    this.#tell(plan);
    return { key, size: plan.size, member, wasReused: false };
  }

  #tell({ size }: SegmentPlan): void {
    this.#done += 1;
    this.#bytes += size;
    this.#ports.tell({ step: "layers", done: this.#done, total: this.#total, bytes: this.#bytes });
  }
}

interface Begun {
  readonly segment: Promise<Segment>;
}

function withContents(entries: readonly Entry[], contents: ReadonlyMap<FileEntry, Digest>): Entry[] {
  return entries.map((entry) =>
    entry.kind === "file" ? { ...entry, content: contents.get(entry) ?? entry.content } : entry,
  );
}

/** What `initgraph cache ls` shows of it. */
function labelOf({ entries }: SegmentPlan): string {
  return `${showPath(entries[0]!.path)} to ${showPath(entries.at(-1)!.path)}`;
}
