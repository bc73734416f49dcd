/** The fourth stage: every segment of the plan as bytes in the store, written or found there. */
import type { ActionKey } from "../core/digest.ts";
import { showPath } from "../core/path.ts";
import type { Progress, Store, StoredContent } from "../core/ports.ts";
import type { Plan, SegmentPlan } from "../plan/plan.ts";
import type { OpenContent } from "./read-content.ts";
import { writeEntries } from "./write-entries.ts";

export interface Layer {
  readonly name: string;
  readonly segments: readonly Segment[];
}

export interface Segment {
  readonly key: ActionKey;
  /** Its cpio body, without a trailer. */
  readonly content: StoredContent;
  readonly wasReused: boolean;
}

export interface LayerPorts {
  readonly store: Store;
  readonly tell: Progress;
  readonly open: OpenContent;
}

/** Throws BuildFailure where a file is no longer what the graph saw. */
export async function buildLayers(plan: Plan, epoch: number, ports: LayerPorts): Promise<Layer[]> {
  const total = plan.layers.reduce((sum, layer) => sum + layer.segments.length, 0);
  let done = 0;
  let bytes = 0;
  const layers: Layer[] = [];
  for (const { name, segments } of plan.layers) {
    const built: Segment[] = [];
    for (const segment of segments) {
      built.push(await buildSegment(segment, epoch, ports));
      done += 1;
      bytes += segment.size;
      ports.tell({ step: "layers", done, total, bytes });
    }
    layers.push({ name, segments: built });
  }
  return layers;
}

async function buildSegment(plan: SegmentPlan, epoch: number, ports: LayerPorts): Promise<Segment> {
  const { key } = plan;
  const known = await ports.store.find(key);
  if (known) return { key, content: known, wasReused: true };
  const content = await ports.store.put(key, writeEntries(plan, epoch, ports.open), labelOf(plan));
  return { key, content, wasReused: false };
}

/** What `initgraph cache ls` shows of it. */
function labelOf({ entries }: SegmentPlan): string {
  return `${showPath(entries[0]!.path)} to ${showPath(entries.at(-1)!.path)}`;
}
