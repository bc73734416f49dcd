/** The entries of all layers, and which of them a later layer lies over: those are in the image, and not in the tree that comes of it. */
import type { TargetPath } from "../core/path.ts";
import type { Plan, PlannedEntry } from "./plan.ts";

type Layers = Pick<Plan, "layers">;

/** Those too that a later layer lies over. */
export function* plannedEntries({ layers }: Layers): Generator<PlannedEntry> {
  for (const { entries } of layers) yield* entries;
}

export function countEntries({ layers }: Layers): number {
  return layers.reduce((sum, { entries }) => sum + entries.length, 0);
}

/** The name of the last layer that says something else of a path; null: what this layer says stands. */
export function overriddenIn({ layers }: Layers): (layer: number, path: TargetPath) => string | null {
  if (layers.length === 1) return () => null;
  const last = new Map<TargetPath, number>();
  for (const [index, { entries }] of layers.entries())
    for (const { entry } of entries) last.set(entry.path, index);
  return (layer, path) => {
    const above = last.get(path) ?? layer;
    return above === layer ? null : layers[above]!.name;
  };
}

/** What the tree holds in the end. */
export function* finalEntries(plan: Layers): Generator<PlannedEntry> {
  const isOverridden = overriddenIn(plan);
  for (const [layer, { entries }] of plan.layers.entries()) {
    for (const planned of entries) if (isOverridden(layer, planned.entry.path) === null) yield planned;
  }
}
