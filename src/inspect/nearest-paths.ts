/** What somebody may have meant who named a path that an image has not. */
import { type ByteString, childOf, nameOf, ROOT, showBytes, type TargetPath } from "../core/path.ts";
import { nearestOf } from "../spec/nearest.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import type { UnpackedTree } from "./unpacked-tree.ts";

type NamedTree = Pick<UnpackedTree, "stat" | "readLink" | "list" | "paths">;

const MOST = 3;
/** Of a directory: an image may be made so that comparing all of its names never ends. */
const MOST_NAMES = 10_000;

/** Those of the same name that lie elsewhere; else the path with what is misspelt in it set right. */
export function nearestPaths(asked: ByteString, tree: NamedTree): TargetPath[] {
  const parts = asked.split("/").filter((part) => part !== "" && part !== ".") as ByteString[];
  const name = parts.at(-1);
  if (name === undefined || parts.includes(".." as ByteString)) return [];
  const namesakes: TargetPath[] = [];
  for (const path of tree.paths()) {
    if (nameOf(path) === name && tree.stat(path)?.kind !== "directory") namesakes.push(path);
    if (namesakes.length === MOST) break;
  }
  if (namesakes.length > 0) return namesakes.sort();
  const mended = mendPath(parts, tree);
  return mended === null ? [] : [mended];
}

/** Null: a part is not there, nor any that is spelt nearly like it. */
function mendPath(parts: readonly ByteString[], tree: NamedTree): TargetPath | null {
  const resolver = new PathResolver(tree);
  let at = ROOT;
  for (const part of parts) {
    const names = tree.list(resolver.resolve(`/${at}`).path).slice(0, MOST_NAMES);
    const shown = names.map(showBytes);
    const nearest = names.includes(part) ? showBytes(part) : nearestOf(showBytes(part), shown);
    if (nearest === null) return null;
    at = childOf(at, names[shown.indexOf(nearest)]!);
  }
  return at;
}
