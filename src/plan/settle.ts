/** Claims become entries: one for each path, at the place where the kernel would put it. */
import type { DirectoryEntry, Entry, FileEntry } from "../core/entry.ts";
import { ancestorsOf, directoryOf, ROOT, showBytes, showPath, type TargetPath } from "../core/path.ts";
import type { ProblemCollector } from "../core/problem.ts";
import type { Claimant } from "../core/problems/plan.ts";
import { showPlace } from "../core/span.ts";
import type { Claim, Closure } from "../graph/graph.ts";
import type { ReferenceGraph } from "../graph/references.ts";
import { canonicalPaths } from "./canonical.ts";
import { causesIn } from "./causes.ts";
import type { Plan, PlannedEntry } from "./plan.ts";

export interface SettledClaims extends Pick<Plan, "compared"> {
  readonly entries: readonly PlannedEntry[];
}

/** Conflicts go into `problems`; the first claim stands. */
export function settleClaims(closure: Closure, problems: ProblemCollector): SettledClaims {
  const canonical = canonicalPaths(closure.claims);
  const settled = new Map<TargetPath, Claim>();
  const compared = new Set<TargetPath>();
  for (const claim of closure.claims) {
    const path = canonical(claim.entry.path);
    const moved = path === claim.entry.path ? claim : { ...claim, entry: { ...claim.entry, path } };
    const known = settled.get(path);
    const winner = known ? stronger(known, moved, closure) : moved;
    if (known && isCompared(known.entry, moved.entry)) compared.add(path);
    if (winner) settled.set(path, winner);
    else problems.add(conflict(known!, moved, closure.references));
  }
  addParents(settled, closure.references, problems);
  const causeOf = causesIn(closure.references);
  const entries = [...settled.values()].map(({ entry, by }) => ({
    entry,
    because: by === NO_NODE ? null : causeOf(by),
  }));
  return { entries, compared };
}

/** Which of two claims on one path stands; null: they cannot stand together. */
function stronger(first: Claim, second: Claim, closure: Closure): Claim | null {
  if (first.entry.kind === "directory" && second.entry.kind === "directory") {
    if (first.isImplied !== second.isImplied) return first.isImplied ? second : first;
    if ((first.at === null) !== (second.at === null)) return first.at === null ? second : first;
    if (first.isImplied) return first;
  }
  return isSame(first.entry, second.entry, closure) ? first : null;
}

function isSame(a: Entry, b: Entry, closure: Closure): boolean {
  if (a.kind !== b.kind || a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return false;
  if (a.kind === "file" && b.kind === "file") return hasSameContent(a, b, closure);
  if (a.kind === "symlink" && b.kind === "symlink") return a.to === b.to;
  if ("major" in a && "major" in b) return a.major === b.major && a.minor === b.minor;
  return true;
}

/** Files are read for it only where they come from two places and could be equal. */
function hasSameContent(a: FileEntry, b: FileEntry, { contentOf }: Closure): boolean {
  return isOneFile(a, b) || (a.size === b.size && contentOf(a) === contentOf(b));
}

function isCompared(a: Entry, b: Entry): boolean {
  return a.kind === "file" && b.kind === "file" && !isOneFile(a, b);
}

function isOneFile(a: FileEntry, b: FileEntry): boolean {
  const [one, other] = [a.source, b.source];
  return one.from === "tree" && other.from === "tree" && one.tree === other.tree && one.path === other.path;
}

/** Brings the parents that no tree has. */
const NO_NODE = "" as Claim["by"];

/** The kernel drops a file whose directory has no entry, without a word; so every one gets its parents. */
function addParents(
  settled: Map<TargetPath, Claim>,
  references: ReferenceGraph,
  problems: ProblemCollector,
): void {
  if (!settled.has(ROOT)) settled.set(ROOT, parentClaim(ROOT));
  const sound = new Set<TargetPath>();
  for (const claim of [...settled.values()]) {
    const { path } = claim.entry;
    const directory = directoryOf(path);
    if (sound.has(directory)) continue; // a neighbour had the same parents
    const above = ancestorsOf(path).map((parent) => standing(parent, settled));
    const wrong = above.find(({ entry }) => entry.kind !== "directory");
    if (wrong === undefined) sound.add(directory);
    else {
      const [first, second] = [claimant(wrong, references), claimant(claim, references)];
      problems.add({ code: "plan/parent-not-directory", path, parent: wrong.entry.path, first, second });
    }
  }
}

function standing(parent: TargetPath, settled: Map<TargetPath, Claim>): Claim {
  const claim = settled.get(parent) ?? parentClaim(parent);
  settled.set(parent, claim);
  return claim;
}

function parentClaim(path: TargetPath): Claim {
  const entry: DirectoryEntry = { kind: "directory", path, mode: 0o755, uid: 0, gid: 0 };
  return { entry, by: NO_NODE, at: null, isImplied: true };
}

function conflict(first: Claim, second: Claim, references: ReferenceGraph) {
  return {
    code: "plan/conflict",
    path: second.entry.path,
    first: claimant(first, references),
    second: claimant(second, references),
  } as const;
}

function claimant(claim: Claim, references: ReferenceGraph): Claimant {
  return {
    what: describe(claim.entry),
    origin: claim.at ? showPlace(claim.at) : originOf(claim, references),
  };
}

function originOf(claim: Claim, references: ReferenceGraph): string {
  if (claim.by === NO_NODE) return "what lies below it";
  const chain = references.chainTo(claim.by);
  const start = chain[0] ? references.node(chain[0].from) : references.node(claim.by);
  const steps = chain.map(({ to }) => references.node(to)).reverse();
  const shown = steps.map((node) => (node.kind === "recipe" ? node.label : showPath(node.path)));
  const place = start.kind === "recipe" && start.at ? showPlace(start.at) : "the recipe";
  return [...shown, place].join("  <-  ");
}

function describe(entry: Entry): string {
  const mode = `mode ${entry.mode.toString(8).padStart(4, "0")}`;
  switch (entry.kind) {
    case "directory":
      return `a directory (${mode})`;
    case "file":
      return `a file of ${entry.size} ${entry.size === 1 ? "byte" : "bytes"} (${mode})`;
    case "symlink":
      return `a symlink to ${showBytes(entry.to)}`;
    case "char":
    case "block":
      return `a ${entry.kind} device ${entry.major},${entry.minor} (${mode})`;
    default:
      return `a ${entry.kind} (${mode})`;
  }
}
