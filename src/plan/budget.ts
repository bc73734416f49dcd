/** Whether an image, or a layer, is larger than its recipe allows, and what makes it so. */
import type { Problem } from "../core/problem.ts";
import type { BudgetSpec, Spec } from "../spec/spec.ts";
import { finalEntries, plannedEntries } from "./entries.ts";
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
  const final = () => [...finalEntries(plan)];
  return [
    ...over("unpacked", { layer: null, entries: final, sizeOf: contentOf }, budget),
    ...plan.layers.flatMap((layer) => over("unpacked", measured(layer, contentOf), layer.budget)),
  ];
}

/** Of the finished file, and of what each layer takes in it. */
export function overImageBudget(sizes: ImageSizes, { budget }: Pick<Spec, "budget">, plan: Plan): Problem[] {
  const all = () => [...plannedEntries(plan)];
  return [
    ...over("image", { layer: null, entries: all, sizeOf: () => sizes.image }, budget),
    ...plan.layers.flatMap((layer, at) =>
      over(
        "image",
        measured(layer, () => sizes.layers[at] ?? 0),
        layer.budget,
      ),
    ),
  ];
}

/** Most images have no budget, and some very many entries: nothing is asked of them then. */
interface Measured {
  /** Null: all of them. */
  readonly layer: string | null;
  readonly entries: () => readonly PlannedEntry[];
  readonly sizeOf: (entries: readonly PlannedEntry[]) => number;
}

function measured({ name, entries }: LayerPlan, sizeOf: Measured["sizeOf"]): Measured {
  return { layer: name, entries: () => entries, sizeOf };
}

function contentOf(entries: readonly PlannedEntry[]): number {
  return entries.reduce((sum, { entry }) => sum + (entry.kind === "file" ? entry.size : 0), 0);
}

function over(what: keyof BudgetSpec, { layer, entries, sizeOf }: Measured, budget: BudgetSpec): Problem[] {
  const limit = budget[what];
  if (limit === null) return [];
  const measuredEntries = entries();
  const size = sizeOf(measuredEntries);
  if (size <= limit.bytes) return [];
  const { at, bytes } = limit;
  const largest = largestIn(measuredEntries);
  return [{ code: "plan/over-budget", at, what, layer, size, limit: bytes, largest }];
}

function largestIn(entries: readonly PlannedEntry[]) {
  const files = entries.flatMap(({ entry, because }) => (entry.kind === "file" ? [{ entry, because }] : []));
  return files
    .sort((a, b) => b.entry.size - a.entry.size)
    .slice(0, MOST_NAMED)
    .map(({ entry: { path, size }, because }) => ({ path, size, origin: because?.from ?? "" }));
}
