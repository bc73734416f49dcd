/** Paths as the kernel would resolve them in the image itself: no entry lies below a symlink of the image. */
import { type ByteString, childOf, directoryOf, nameOf, ROOT, type TargetPath } from "../core/path.ts";
import type { Claim } from "../graph/graph.ts";

const MOST_SYMLINKS = 40;

/** Where symlinks of the image lead. */
export type Symlinks = Map<TargetPath, ByteString>;

/**
 * `bin/sh` is `usr/bin/sh` where the image has a symlink `bin -> usr/bin`. The last part is never followed.
 * `links`: those of earlier layers, to which the claims' are added.
 */
export function canonicalPaths(
  claims: readonly Claim[],
  links: Symlinks = new Map(),
): (path: TargetPath) => TargetPath {
  for (const { entry } of claims) {
    if (entry.kind === "symlink") links.set(entry.path, entry.to);
    else if (links.size > 0) links.delete(entry.path);
  }
  const known = new Map<TargetPath, TargetPath>([[ROOT, ROOT]]);
  const directory = (path: TargetPath): TargetPath => {
    const found = known.get(path) ?? resolve(path, links);
    known.set(path, found);
    return found;
  };
  return (path) => {
    const above = directoryOf(path);
    const place = directory(above);
    return place === above ? path : childOf(place, nameOf(path)); // mostly the very string: nothing to hold twice
  };
}

function resolve(path: TargetPath, links: ReadonlyMap<TargetPath, ByteString>): TargetPath {
  const todo = path.split("/").reverse();
  let at = ROOT;
  let followed = 0;
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      at = directoryOf(at);
      continue;
    }
    const here = childOf(at, part);
    const to = followed < MOST_SYMLINKS ? links.get(here) : undefined;
    if (to === undefined) {
      at = here;
      continue;
    }
    followed += 1;
    todo.push(...to.split("/").reverse());
    if (to.startsWith("/")) at = ROOT;
  }
  return at;
}
