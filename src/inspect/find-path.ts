/** What somebody asks for in an unpacked image: symlinks of the image are followed inside it. */
import type { ByteString, HostPath } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { PathResolver, type ResolvedPath } from "../trees/resolve-path.ts";
import { nearestPaths } from "./nearest-paths.ts";
import type { UnpackedTree } from "./unpacked-tree.ts";

export interface FoundPath extends ResolvedPath {
  readonly facts: FileFacts;
}

/** Throws BuildFailure: image/path-not-found, image/path-loops. */
export function findPath(asked: ByteString, tree: UnpackedTree, image: HostPath): FoundPath {
  const found = new PathResolver(tree).resolve(asked);
  const { path, facts, links, isLoop } = found;
  if (isLoop) throw new BuildFailure([{ code: "image/path-loops", image, path: asked }]);
  if (facts !== null) return { ...found, facts };
  const leadsTo = links.length > 0 ? path : null;
  const nearest = nearestPaths(asked, tree);
  throw new BuildFailure([{ code: "image/path-not-found", image, path: asked, leadsTo, nearest }]);
}
