/**
 * The third stage, pure: which entries the image has, in which order, in which segments, under which keys.
 * Nobody after it decides anything; everything that cannot stand together is found here.
 */
import type { Entry, FileEntry } from "../core/entry.ts";
import type { TargetPath } from "../core/path.ts";
import { ProblemCollector } from "../core/problem.ts";
import type { Closure } from "../graph/graph.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { ImageSpec, Spec } from "../spec/spec.ts";
import { earlyConflicts } from "./early-conflicts.ts";
import { limitProblems } from "./limits.ts";
import { inArchiveOrder } from "./order.ts";
import { placeSecrets } from "./place-secrets.ts";
import type { LayerPlan, Plan, PlannedEntry } from "./plan.ts";
import { cutSegments } from "./segments.ts";
import { settleClaims } from "./settle.ts";

const READABLE_BY_ALL = 0o004;

/** Throws BuildFailure with every conflict and every entry that a newc archive cannot carry. */
export function planImage(spec: Spec, closure: Closure, early: readonly EarlySegment[]): Plan {
  const problems = new ProblemCollector();
  const settled = settleClaims(closure, problems);
  const entries = inArchiveOrder(settled.entries);
  const all = entriesOf(entries);
  for (const problem of [...limitProblems(all), ...earlyConflicts(all, early)]) problems.add(problem);
  const secrets = placeSecrets(spec.secrets, all, early, problems);
  if (entries.length <= 1 && early.length === 0 && spec.secrets.length === 0)
    problems.add({ code: "plan/empty-image" });
  problems.throwIfAny();
  return {
    layers: [planLayer("main", entries, spec.image)],
    secrets,
    isPrivate:
      secrets.length > 0 ||
      all.some((entry) => entry.kind === "file" && (entry.mode & READABLE_BY_ALL) === 0),
    compared: settled.compared,
    originals: closure.originals,
  };
}

/** The same plan with other bytes in some of its files: nothing but sizes and contents may differ. */
export function withFiles(plan: Plan, files: ReadonlyMap<TargetPath, FileEntry>, image: ImageSpec): Plan {
  const layers = plan.layers.map(({ name, entries }) => {
    const now = entries.map((one) => ({ ...one, entry: files.get(one.entry.path) ?? one.entry }));
    return planLayer(name, now, image);
  });
  return { ...plan, layers };
}

function planLayer(name: string, entries: readonly PlannedEntry[], image: ImageSpec): LayerPlan {
  return { name, entries, segments: cutSegments(entriesOf(entries), image) };
}

function entriesOf(entries: readonly PlannedEntry[]): Entry[] {
  return entries.map(({ entry }) => entry);
}
