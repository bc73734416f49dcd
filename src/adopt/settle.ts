/**
 * One step from a draft towards a recipe that gives the image's tree: what its closure lacked, brought besides, or made
 * otherwise changes the way that paths take.
 */
import type { Entry } from "../core/entry.ts";
import {
  ancestorsOf,
  type ByteString,
  bytesOf,
  parseTargetPath,
  showBytes,
  showPath,
  type TargetPath,
} from "../core/path.ts";
import type { Problem } from "../core/problem.ts";
import type { ReferenceTable } from "../graph/reference-table.ts";
import { type AdoptedItem, SYMLINK_MODE, type TreeDifference, treeDifferences } from "./adopted-item.ts";
import type { Draft, DraftAllowance, Way } from "./draft.ts";

/** What the draft's recipe comes to. */
export interface Decided {
  readonly entries: readonly Entry[];
  readonly references: ReferenceTable;
}

/** What was brought besides, and the files of the image that it is for. */
export interface Surplus {
  readonly path: TargetPath;
  readonly reason: string;
  readonly neededBy: TargetPath | null;
}

export interface Step {
  /** The same draft: there is nothing left to mend. */
  readonly draft: Draft;
  readonly surplus: readonly Surplus[];
}

/** The draft's closure has holes, or cannot be found. Null: these problems are none of a draft's. */
export function settleProblems(draft: Draft, problems: readonly Problem[]): Draft | null {
  const ways = new Map(draft.ways);
  const allow: DraftAllowance[] = [...draft.allow];
  let isOther = false;
  for (const problem of problems) {
    const hole = holeOf(problem);
    const paths = hole === null ? culpritsOf(problem) : [];
    if (hole !== null && !allow.some((one) => one.missing === hole.missing && one.neededBy === hole.neededBy))
      allow.push(hole);
    else if (paths.some((path) => ways.has(path) && ways.get(path) !== "packed")) {
      for (const path of paths) if (ways.has(path)) ways.set(path, "packed");
    } else if (problem.code === "graph/unused-allow") {
      const at = allow.findIndex(({ missing }) => missing === problem.missing);
      if (at !== -1) allow.splice(at, 1);
      else isOther = true;
    } else isOther = true;
  }
  return isOther ? null : { ...draft, ways, allow };
}

/** The draft's closure is whole: whether it is the image. `items`: all of the image but what stands in early members. */
export function settleEntries(draft: Draft, items: readonly AdoptedItem[], decided: Decided): Step {
  const { references } = decided;
  const ways = new Map(draft.ways);
  const directories = new Set(draft.directories);
  const extra = new Set<TargetPath>();
  for (const { path, what } of differencesFrom(draft, items, decided)) {
    if (what === "extra") extra.add(path);
    else if (!ways.has(path)) directories.add(path);
    else ways.set(path, ways.get(path) === "own" ? "packed" : "own");
  }
  const surplus = surplusOf(references, (path) => extra.has(path));
  const withoutDlopen = draft.withoutDlopen || surplus.some(({ reason }) => reason === "dlopen-note");
  const withoutLoaderCache =
    draft.withoutLoaderCache || surplus.some(({ reason }) => reason === "loader-cache");
  const hasTurned = withoutDlopen !== draft.withoutDlopen || withoutLoaderCache !== draft.withoutLoaderCache;
  if (!hasTurned) {
    const rest = surplus.flatMap(({ neededBy }) => (neededBy === null ? [] : [neededBy]));
    for (const path of withReferrers(rest, references)) if (ways.has(path)) ways.set(path, "packed");
  }
  const isSame = !hasTurned && sameWays(ways, draft.ways) && directories.size === draft.directories.size;
  if (isSame) return { draft, surplus };
  return { draft: { ...draft, ways, directories, withoutDlopen, withoutLoaderCache }, surplus };
}

/** What the draft's recipe gives otherwise than the image has it. */
export function differencesFrom(
  draft: Draft,
  items: readonly AdoptedItem[],
  { entries }: Decided,
): TreeDifference[] {
  const inArchive = packedPaths(draft);
  const isThere = ({ path, what }: TreeDifference): boolean => what === "lost" && inArchive.has(path);
  return treeDifferences(items, entries.map(itemOf)).filter((one) => !isThere(one));
}

/** What the prepended archive holds: what is packed, and the directories above it. */
export function packedPaths({ ways }: Draft): Set<TargetPath> {
  const paths = new Set<TargetPath>();
  for (const [path, way] of ways) {
    if (way !== "packed") continue;
    for (const above of ancestorsOf(path)) paths.add(above);
    paths.add(path);
  }
  return paths;
}

/** What a file refers to that is not there, as `allow` names it. */
function holeOf(problem: Problem): DraftAllowance | null {
  const neededBy = throughOf(problem)[0] ?? null;
  switch (problem.code) {
    case "graph/library-not-found":
      return { missing: showBytes(problem.soname), neededBy };
    case "graph/dlopen-not-found":
      return { missing: showBytes(problem.sonames[0]!), neededBy };
    case "graph/interpreter-not-found":
      return { missing: showBytes(problem.interpreter), neededBy };
    case "graph/program-not-found":
    case "graph/command-not-found":
      return { missing: showBytes(problem.program), neededBy };
    case "graph/dangling-symlink":
      return { missing: showBytes(problem.to), neededBy: showPath(problem.path) };
    default:
      return null;
  }
}

/** The files that a problem is about, and who brought them. */
function culpritsOf(problem: Problem): TargetPath[] {
  const own = "path" in problem ? [showPath(problem.path as TargetPath)] : [];
  return [...own, ...throughOf(problem)].flatMap((shown) => parseTargetPath(bytesOf(shown)) ?? []);
}

function throughOf(problem: Problem): readonly string[] {
  return "chain" in problem && "through" in problem.chain ? problem.chain.through : [];
}

/** Where the graph leaves the image: each path besides that something of the image, or the recipe, refers to. */
function surplusOf(
  { nodes, references }: ReferenceTable,
  isSurplus: (path: TargetPath) => boolean,
): Surplus[] {
  const pathOf = (node: number): TargetPath | null => {
    const known = nodes[node]!.node;
    return known.kind === "recipe" ? null : known.path;
  };
  return references.flatMap(({ from, to, reason }): Surplus[] => {
    const [by, path] = [pathOf(from), pathOf(to)];
    if (path === null || !isSurplus(path) || (by !== null && isSurplus(by))) return [];
    return [{ path, reason, neededBy: by }];
  });
}

/** These and all that lead to them: as long as one of those is an object, they come. */
function withReferrers(paths: readonly TargetPath[], { nodes, references }: ReferenceTable): Set<TargetPath> {
  const referrers = new Map<TargetPath, TargetPath[]>();
  for (const { from, to } of references) {
    const [by, path] = [nodes[from]!.node, nodes[to]!.node];
    if (by.kind !== "recipe" && path.kind !== "recipe")
      referrers.set(path.path, [...(referrers.get(path.path) ?? []), by.path]);
  }
  const all = new Set(paths);
  for (const path of all) for (const by of referrers.get(path) ?? []) all.add(by);
  return all;
}

function itemOf(entry: Entry): AdoptedItem {
  const { path, kind, mode, uid, gid } = entry;
  return {
    path,
    kind,
    mode: kind === "symlink" ? SYMLINK_MODE : mode,
    uid,
    gid,
    size: kind === "file" ? entry.size : 0,
    digest: kind === "file" && entry.size > 0 ? entry.content : null,
    to: kind === "symlink" ? entry.to : ("" as ByteString),
    major: kind === "char" || kind === "block" ? entry.major : 0,
    minor: kind === "char" || kind === "block" ? entry.minor : 0,
  };
}

function sameWays(a: ReadonlyMap<TargetPath, Way>, b: ReadonlyMap<TargetPath, Way>): boolean {
  return [...a].every(([path, way]) => b.get(path) === way);
}
