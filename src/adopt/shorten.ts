/** What of a settled draft has to be named: what the rest refers to comes by itself, and a directory stands for all that is in it. */
import { compareBytes } from "../core/order.ts";
import { ancestorsOf, childOf, isInside, ROOT, type TargetPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import type { ReferenceTable } from "../graph/reference-table.ts";
import type { Draft, Way } from "./draft.ts";

/** A directory with fewer files is named by these. */
const FEWEST_FILES = 3;

/** The objects that nothing else brings. `references`: those of a recipe that names them all. */
export function neededObjects(draft: Draft, references: ReferenceTable): TargetPath[] {
  const own = pathsOf(draft, "own", "layout", "kernel");
  const isWhole = draft.store === "whole";
  const objects = new Set(pathsOf(draft, "object").map((path) => (isWhole ? storePathOf(path) : path)));
  return sourcesAmong([...objects], own, references);
}

/** The modules that no other of them brings. */
export function neededModules(draft: Draft, references: ReferenceTable): TargetPath[] {
  return sourcesAmong(draft.kernel?.modules ?? [], [], references);
}

/** Symlinks of the layout that are met on the way to something else. */
export function metLinks(draft: Draft, references: ReferenceTable): Set<TargetPath> {
  const met = new Set<TargetPath>();
  for (const { from, to } of references.references) {
    const [by, path] = [references.nodes[from]!.node, references.nodes[to]!.node];
    if (by.kind !== "recipe" && path.kind !== "recipe" && draft.ways.get(path.path) === "layout")
      met.add(path.path);
  }
  return met;
}

/** Those that neither `given` nor another leads to; of a circle the first. */
function sourcesAmong(
  paths: readonly TargetPath[],
  given: readonly TargetPath[],
  { nodes, references }: ReferenceTable,
): TargetPath[] {
  const leadsTo = new Map<TargetPath, TargetPath[]>();
  const isReferredTo = new Set<TargetPath>();
  for (const { from, to } of references) {
    const [by, path] = [nodes[from]!.node, nodes[to]!.node];
    if (by.kind === "recipe" || path.kind === "recipe" || by.path === path.path) continue;
    leadsTo.set(by.path, [...(leadsTo.get(by.path) ?? []), path.path]);
    isReferredTo.add(path.path);
  }
  const reached = new Set<TargetPath>();
  const reach = (from: Iterable<TargetPath>): void => {
    const todo = [...from];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      todo.push(...(leadsTo.get(at) ?? []));
    }
  };
  reach(given);
  const ordered = [...paths].sort(compareBytes);
  const sources = ordered.filter((path) => !isReferredTo.has(path));
  reach(sources);
  for (const path of ordered) {
    if (reached.has(path)) continue;
    sources.push(path);
    reach([path]);
  }
  return sources.sort(compareBytes);
}

function pathsOf({ ways }: Draft, ...wanted: readonly Way[]): TargetPath[] {
  return [...ways].flatMap(([path, way]) => (wanted.includes(way) ? [path] : []));
}

function storePathOf(path: TargetPath): TargetPath {
  return (/^nix\/store\/[^/]+/.exec(path)?.[0] ?? path) as TargetPath;
}

/** The same with whole directories in place of what is in them, where the image has all that the sysroot has there. */
export function withWholeDirectories(
  objects: readonly TargetPath[],
  draft: Draft,
  sysroot: Tree,
): TargetPath[] {
  const whole = new Map<TargetPath, number | null>();
  const filesIn = (directory: TargetPath): number | null => {
    const known = whole.get(directory);
    if (known !== undefined) return known;
    const count = countFiles(directory, draft, sysroot, filesIn);
    whole.set(directory, count);
    return count;
  };
  const directories = new Set<TargetPath>();
  for (const path of objects) {
    const found = ancestorsOf(path).find((above) => (filesIn(above) ?? 0) >= FEWEST_FILES);
    if (found !== undefined) directories.add(found);
  }
  const left = objects.filter((path) => ![...directories].some((directory) => isInside(path, directory)));
  return [...left, ...directories].sort(compareBytes);
}

const COMES: readonly (Way | undefined)[] = ["object", "kernel"];

/** Null: the image has not all of it, or not as it is. */
function countFiles(
  directory: TargetPath,
  draft: Draft,
  sysroot: Tree,
  filesIn: (directory: TargetPath) => number | null,
): number | null {
  if (directory === ROOT || draft.directories.has(directory)) return null;
  let count = 0;
  for (const name of sysroot.list(directory)) {
    const path = childOf(directory, name);
    const isDirectory = sysroot.stat(path)?.kind === "directory";
    const below = isDirectory ? filesIn(path) : COMES.includes(draft.ways.get(path)) ? 1 : null;
    if (below === null) return null;
    count += below;
  }
  return count;
}
