/** Whether an image, or a layer, is larger than its recipe allows, and what makes it so. */
import type { Problem } from "../core/problem.ts";
import type { BudgetSpec, Spec } from "../spec/spec.ts";
import { finalEntries } from "./overridden.ts";
import type { LayerPlan, Plan, PlannedEntry } from "./plan.ts";

/** So many entries are named. */
const MOST_NAMED = 8;

/** Sizes in bytes. */
export interface ImageSizes {
  readonly image: number;
  /** What each layer takes in it. */
  readonly layers: readonly number[];
}

/** Of the content of all files, as they lie in memory once they are unpacked; known before anything is built. */
export function overUnpackedBudget({ budget }: Pick<Spec, "budget">, plan: Plan): Problem[] {
  const final = [...finalEntries(plan)];
  const whole: Measured = { layer: null, size: contentOf(final), entries: final };
  return [
    ...over("unpacked", whole, budget),
    ...plan.layers.flatMap((layer) =>
      over("unpacked", measured(layer, contentOf(layer.entries)), layer.budget),
    ),
  ];
}

/** Of the finished file, and of what each layer takes in it. */
export function overImageBudget(sizes: ImageSizes, { budget }: Pick<Spec, "budget">, plan: Plan): Problem[] {
  const all = plan.layers.flatMap(({ entries }) => entries);
  return [
    ...over("image", { layer: null, size: sizes.image, entries: all }, budget),
    ...plan.layers.flatMap((layer, at) =>
      over("image", measured(layer, sizes.layers[at] ?? 0), layer.budget),
    ),
  ];
}

interface Measured {
  /** Null: all of them. */
  readonly layer: string | null;
  readonly size: number;
  readonly entries: readonly PlannedEntry[];
}

function measured({ name, entries }: LayerPlan, size: number): Measured {
  return { layer: name, size, entries };
}

function contentOf(entries: readonly PlannedEntry[]): number {
  return entries.reduce((sum, { entry }) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}

function over(what: keyof BudgetSpec, { layer, size, entries }: Measured, budget: BudgetSpec): Problem[] {
  const limit = budget[what];
  if (limit === null || size <= limit.bytes) return [];
  const { at, bytes } = limit;
  return [{ code: "plan/over-budget", at, what, layer, size, limit: bytes, largest: largestIn(entries) }];
}

function largestIn(entries: readonly PlannedEntry[]) {
  const files = entries.flatMap(({ entry, because }) => (entry.kind === "file" ? [{ entry, because }] : []));
  return files
    .sort((a, b) => b.entry.size - a.entry.size)
    .slice(0, MOST_NAMED)
    .map(({ entry: { path, size }, because }) => ({ path, size, origin: because?.from ?? "" }));
}
