/** The items of `contents`: what they name, where it is, and where it goes. */
import type { HostPath, TargetPath } from "../../core/path.ts";
import { hostPathOf, showBytes, showPath } from "../../core/path.ts";
import type { Problem } from "../../core/problem.ts";
import { BuildFailure } from "../../core/problem.ts";
import { nearestOf } from "../../spec/nearest.ts";
import type { ContentsItem, ObjectName, Spec } from "../../spec/spec.ts";
import { expandGlob } from "../../trees/glob.ts";
import type { PathResolver, ResolvedPath } from "../../trees/resolve-path.ts";
import type { NodeId } from "../references.ts";
import { inHostTree, type Origin, type Placement, placeObject, placeSymlink } from "./place.ts";

/** The trees that objects are looked up in, without anything that the recipe places. */
export interface ObjectTrees {
  readonly sysroot: PathResolver;
  readonly store: PathResolver;
  readonly host: PathResolver;
}

/** An object that comes at its own path, with all that it refers to. */
export interface NamedObject {
  readonly item: ContentsItem;
  readonly by: NodeId;
  /** As the recipe names it, below the image's root. */
  readonly path: TargetPath;
}

export interface ContentsRoots {
  readonly named: readonly NamedObject[];
  readonly placed: readonly Placement[];
}

/** One item's roots. Throws BuildFailure for an object that is not there. */
export function contentsRoots(item: ContentsItem, by: NodeId, spec: Spec, trees: ObjectTrees): ContentsRoots {
  const paths = objectPaths(item, spec, trees);
  const placed: Placement[] = [];
  const named: NamedObject[] = [];
  for (const path of paths) {
    if (item.target === null && item.object.in !== "host") named.push({ item, by, path });
    else placed.push(...placeObject(item.target ?? path, originOf(item, path, by, trees)));
  }
  if (item.symlink !== null)
    placed.push(placeSymlink(item.symlink, linkTarget(item, paths[0]!), by, item.at));
  return { named, placed };
}

/** `symlink` points at the object, by the path it has in the image, with `suffix` behind it. */
function linkTarget(item: ContentsItem, object: TargetPath): Placement["to"] & string {
  return `/${item.target ?? object}${item.suffix}` as Placement["to"] & string;
}

/** Paths of an item's objects: in the sysroot's and the store's case as they will be in the image. */
function objectPaths(item: ContentsItem, spec: Spec, trees: ObjectTrees): TargetPath[] {
  const { object } = item;
  const { resolver, path, label } = lookup(object, spec, trees);
  const prefix = object.in === "store" ? `${spec.store.directory}/` : "";
  if (!object.isGlob) {
    if (resolver.resolveParent(path).facts !== null) return [`${prefix}${path}` as TargetPath];
    throw new BuildFailure([notFound(item, path, label, resolver)]);
  }
  const found = expandGlob(path, resolver);
  const isOne = item.target !== null || item.symlink !== null;
  if (found.length > 1 && isOne) {
    const matches = found.map((one) => showPath(`${prefix}${one}` as TargetPath));
    throw new BuildFailure([
      { code: "graph/glob-matches-several", at: item.at, glob: showObject(object), matches },
    ]);
  }
  if (found.length > 0) return found.map((one) => `${prefix}${one}` as TargetPath);
  throw new BuildFailure([
    { code: "graph/glob-matches-nothing", at: item.at, glob: showObject(object), tree: label },
  ]);
}

function lookup(
  object: ObjectName,
  spec: Spec,
  trees: ObjectTrees,
): { resolver: PathResolver; path: TargetPath; label: string } {
  switch (object.in) {
    case "sysroot":
      return { resolver: trees.sysroot, path: object.path, label: trees.sysroot.tree.label };
    case "store": {
      const inStore = object.path.slice(spec.store.directory.length + 1) as TargetPath;
      return { resolver: trees.store, path: inStore, label: trees.store.tree.label };
    }
    case "host":
      return { resolver: trees.host, path: inHostTree(object.path), label: showBytes(spec.directory) };
  }
}

/** An object with a target, or beside the recipe: symlinks that lead to it are followed, those inside it are kept. */
function originOf(item: ContentsItem, path: TargetPath, by: NodeId, trees: ObjectTrees): Origin {
  const isHost = item.object.in === "host";
  const resolver = isHost ? trees.host : trees.sysroot;
  const found = mustExist(resolver.resolve(path), item, path);
  return { tree: resolver.tree, name: isHost ? "host" : "sysroot", path: found.path, by, at: item.at };
}

function mustExist(found: ResolvedPath, item: ContentsItem, path: TargetPath): ResolvedPath {
  if (found.facts !== null) return found;
  const link = found.links.at(-1);
  const chain = { through: [], from: item.at };
  if (link && !found.isLoop)
    throw new BuildFailure([{ code: "graph/dangling-symlink", path: link.path, to: link.to, chain }]);
  throw new BuildFailure([{ code: "graph/symlink-loop", path, chain }]);
}

function notFound(item: ContentsItem, path: TargetPath, label: string, resolver: PathResolver): Problem {
  return {
    code: "graph/object-not-found",
    at: item.at,
    object: showObject(item.object),
    tree: label,
    nearest: nearestName(path, resolver),
  };
}

/** A neighbour in the same directory whose name is nearly the one that was asked for. */
function nearestName(path: TargetPath, resolver: PathResolver): string | null {
  const cut = path.lastIndexOf("/");
  const directory = resolver.resolve(path.slice(0, Math.max(cut, 0)));
  if (directory.facts?.kind !== "directory") return null;
  return nearestOf(
    showBytes(path.slice(cut + 1) as TargetPath),
    resolver.tree.list(directory.path).map(showBytes),
  );
}

function showObject(object: ObjectName): string {
  return object.in === "host" ? showBytes(object.path) : showPath(object.path);
}

/** A `source` of `files`: a file or a directory beside the recipe. */
export function sourceOrigin(source: HostPath, by: NodeId, at: Origin["at"], trees: ObjectTrees): Origin {
  const path = inHostTree(source);
  const found = trees.host.resolve(path);
  if (found.facts === null) {
    const tree = showBytes(hostPathOf("/" as HostPath, path).replace(/\/[^/]*$/, "") as HostPath) || "/";
    const nearest = nearestName(path, trees.host);
    throw new BuildFailure([
      { code: "graph/object-not-found", at, object: showBytes(source), tree, nearest },
    ]);
  }
  return { tree: trees.host.tree, name: "host", path: found.path, by, at };
}
