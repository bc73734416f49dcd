/** Whether an image is larger than its recipe allows, and what makes it so. */
import type { Problem } from "../core/problem.ts";
import type { BudgetSpec } from "../spec/spec.ts";
import type { Plan } from "./plan.ts";

/** So many entries are named. */
const MOST_NAMED = 8;

/** Bytes of all files, as they lie in memory once they are unpacked. */
export function unpackedSize({ layers }: Plan): number {
  let sum = 0;
  for (const { entries } of layers)
    for (const { entry } of entries) sum += entry.kind === "file" ? entry.size : 0;
  return sum;
}

/** Null: it fits. */
export function overBudget(
  what: keyof BudgetSpec,
  size: number,
  budget: BudgetSpec,
  plan: Plan,
): Problem | null {
  const limit = budget[what];
  if (limit === null || size <= limit.bytes) return null;
  const largest = largestIn(plan);
  return { code: "plan/over-budget", at: limit.at, what, size, limit: limit.bytes, largest };
}

function largestIn({ layers }: Plan) {
  const files = layers
    .flatMap(({ entries }) => entries)
    .flatMap(({ entry, because }) => (entry.kind === "file" ? [{ entry, because }] : []));
  return files
    .sort((a, b) => b.entry.size - a.entry.size)
    .slice(0, MOST_NAMED)
    .map(({ entry: { path, size }, because }) => ({ path, size, origin: because?.from ?? "" }));
}
