/** Globs over a tree: the names that match, in byte order, as they were written (symlinked directories included). */
import picomatch from "picomatch";
import { compareBytes } from "../core/order.ts";
import { type ByteString, childOf, type TargetPath } from "../core/path.ts";
import type { PathResolver } from "./resolve-path.ts";

const MAGIC = /[*?[\]{}!()]/;

/**
 * `*` stays within one name and passes by names with a leading dot, `**` crosses directories, `{a,b}` and
 * `[ab]` as in a shell. Symlinked directories are followed where the pattern names them plainly.
 */
export function expandGlob(pattern: TargetPath, paths: PathResolver): TargetPath[] {
  const parts = pattern.split("/");
  const firstMagic = parts.findIndex((part) => MAGIC.test(part));
  const plain = parts.slice(0, firstMagic).join("/") as TargetPath;
  const rest = parts.slice(firstMagic).join("/");
  const base = paths.resolve(plain);
  if (base.facts?.kind !== "directory") return [];
  const matches = picomatch(rest, { dot: false });
  const canCrossDirectories = /\*\*|\{[^}]*\/|\(/.test(rest);
  const depth = canCrossDirectories ? Number.POSITIVE_INFINITY : rest.split("/").length;
  const found: TargetPath[] = [];
  const todo: { at: TargetPath; relative: TargetPath; depth: number }[] = [
    { at: base.path, relative: "" as TargetPath, depth: 0 },
  ];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    for (const name of namesIn(next.at, paths)) {
      const at = childOf(next.at, name);
      const relative = childOf(next.relative, name);
      if (matches(relative)) found.push((plain === "" ? relative : `${plain}/${relative}`) as TargetPath);
      const isDirectory = paths.stat(at)?.kind === "directory";
      if (isDirectory && next.depth + 1 < depth) todo.push({ at, relative, depth: next.depth + 1 });
    }
  }
  return found.sort(compareBytes);
}

function namesIn(directory: TargetPath, paths: PathResolver): readonly ByteString[] {
  return paths.tree.list(directory);
}

/** Whether a whole path, or a name, is as a pattern says; names with a leading dot count. */
export function globMatcher(pattern: string): (path: ByteString) => boolean {
  return picomatch(pattern, { dot: true });
}
