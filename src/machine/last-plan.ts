/**
 * What the last build of a name decided, where a look at all that it saw finds the same files but for the bytes in
 * some: then nothing of the recipe need be read, closed or planned again.
 */
import type { BuildResult, Decision } from "../carry-out.ts";
import type { Digest } from "../core/digest.ts";
import type { FileEntry } from "../core/entry.ts";
import type { ByteString, HostPath, TargetPath } from "../core/path.ts";
import type { Host, Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ChangedFile } from "../decide-again.ts";
import { processNames } from "../host/processes.ts";
import { countEntries } from "../plan/entries.ts";
import type { Plan, PlannedEntry } from "../plan/plan.ts";
import { readPlanRecord, writePlanRecord } from "../store/plan-record.ts";
import { type BuildName, keyOf } from "./last-build.ts";
import { digestOfNames, type Observations, Observer } from "./observations.ts";
import { LOOK_LENGTH, lookOf, type SeenColumns } from "./seen-tree.ts";

export interface ReopenedPlan {
  readonly decision: Decision;
  readonly changed: readonly ChangedFile[];
  /** Has seen what a build sees that decides all of it anew. */
  readonly observer: Observer;
}

/** A larger one would have to be held a second time while it is written. */
const MOST_ENTRIES = 50_000;

interface PlanRecord {
  readonly trees: readonly SeenBefore[];
  readonly programs: Observations["programs"];
  readonly decision: Decision;
}

/** What was seen of a tree: thousands of small values would take longer to read than to look again. */
interface SeenBefore extends Omit<SeenColumns, "paths"> {
  readonly root: HostPath;
  /** With a NUL between. */
  readonly paths: string;
}

/** Keeps the decision with the digests of all files, so that just the changed ones are read for the next. */
export function rememberPlan(
  name: BuildName,
  observations: Observations,
  { layers: _, image: __, ...made }: BuildResult,
) {
  const { contents, plan, ...decided } = made;
  // What a file says of store paths decides their names, and no scan of it would tell.
  if (decided.spec.store.isContentPure) return;
  const layers = plan.layers.map((layer) => ({
    ...layer,
    entries: layer.entries.map((one) => withContent(one, contents)),
    segments: [], // cut anew when it is taken up
  }));
  if (countEntries(plan) > MOST_ENTRIES) return;
  const decision: Decision = { ...decided, plan: { ...plan, layers } satisfies Plan };
  const trees = [...observations.trees].map(([root, seen]) => ({
    ...seen,
    root,
    paths: seen.paths.join("\0"),
  }));
  const record: PlanRecord = { trees, programs: observations.programs, decision };
  writePlanRecord(name.cache, keyOf(name), record, processNames().self);
}

/** Null: there is none, or more has changed than what is in files that were only scanned and copied. */
export function reopenPlan(name: BuildName, machine: Host): ReopenedPlan | null {
  const record = readPlanRecord(name.cache, keyOf(name), Date.now()) as PlanRecord | null;
  if (record === null) return null;
  const observer = new Observer();
  const host = observer.watch(machine);
  if ([...record.programs].some(([program, path]) => host.findProgram(program) !== path)) return null;
  const changed: ChangedFile[] = [];
  try {
    for (const seen of record.trees) {
      if (!lookAgain(seen, host.tree(seen.root), observer, changed)) return null;
    }
  } catch (error) {
    if (error instanceof BuildFailure) return null; // a tree is gone, or may not be read: the build will say so
    throw error;
  }
  return { decision: record.decision, changed, observer };
}

function withContent(planned: PlannedEntry, contents: ReadonlyMap<FileEntry, Digest>): PlannedEntry {
  const { entry } = planned;
  if (entry.kind !== "file") return planned;
  const content = contents.get(entry);
  return content === undefined ? planned : { ...planned, entry: { ...entry, content } };
}

/** False: something else is not as it was. What is, is noted as seen, with its marks. */
function lookAgain(seen: SeenBefore, tree: Tree, observer: Observer, changed: ChangedFile[]): boolean {
  const { root, looks, areRead, names } = seen;
  for (const [at, text] of seen.paths.split("\0").entries()) {
    const path = text as ByteString as TargetPath;
    const listed = names.get(at) ?? null;
    const isRead = areRead[at] === 1;
    const before = looks.subarray(at * LOOK_LENGTH, (at + 1) * LOOK_LENGTH);
    const facts = tree.stat(path);
    const now = lookOf(facts, listed !== null);
    observer.mark(root, path, listed, isRead);
    if (isSame(before, now, LOOK_LENGTH)) continue;
    if (facts === null || !isSame(before, now, SAME_KIND)) return false;
    if (facts.kind === "directory" && listed !== null) {
      if (digestOfNames(tree.list(path)) !== listed) return false;
    } else if (facts.kind === "file" && !isRead) changed.push({ root, path, facts });
    else return false;
  }
  return true;
}

/** The first numbers of a look: of the kind of file and its mode. */
const SAME_KIND = 2;

function isSame(before: Float64Array, now: readonly number[], count: number): boolean {
  for (let at = 0; at < count; at++) if (before[at] !== now[at]) return false;
  return true;
}
