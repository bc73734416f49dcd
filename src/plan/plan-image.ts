/**
 * The third stage, pure: which entries the image has, in which order, in which segments, under which keys.
 * Nobody after it decides anything; everything that cannot stand together is found here.
 */
import { ProblemCollector } from "../core/problem.ts";
import type { Closure } from "../graph/graph.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { Spec } from "../spec/spec.ts";
import { earlyConflicts } from "./early-conflicts.ts";
import { limitProblems } from "./limits.ts";
import { inArchiveOrder } from "./order.ts";
import type { Plan } from "./plan.ts";
import { cutSegments } from "./segments.ts";
import { settleClaims } from "./settle.ts";

const READABLE_BY_ALL = 0o004;

/** Throws BuildFailure with every conflict and every entry that a newc archive cannot carry. */
export function planImage(spec: Spec, closure: Closure, early: readonly EarlySegment[]): Plan {
  const problems = new ProblemCollector();
  const entries = inArchiveOrder(settleClaims(closure, problems));
  const all = entries.map(({ entry }) => entry);
  for (const problem of [...limitProblems(all), ...earlyConflicts(all, early)]) problems.add(problem);
  if (entries.length <= 1 && early.length === 0) problems.add({ code: "plan/empty-image" });
  problems.throwIfAny();
  const segments = cutSegments(all, spec.image);
  return {
    layers: [{ name: "main", entries, segments }],
    isPrivate: all.some((entry) => entry.kind === "file" && (entry.mode & READABLE_BY_ALL) === 0),
  };
}
