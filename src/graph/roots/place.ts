/**
 * What the recipe puts at paths of its own: inline files, files beside the recipe, objects with a `target`,
 * the symlinks of `contents`. All of it is placed in the image's tree before any path is resolved.
 */
import type { ContentSource } from "../../core/entry.ts";
import { openBytes } from "../../core/open-bytes.ts";
import { type ByteString, childOf, type HostPath, ROOT, type TargetPath } from "../../core/path.ts";
import type { FileFacts, OpenFile, OpenReason, Tree } from "../../core/ports.ts";
import type { Span } from "../../core/span.ts";
import type { FileContent, FileItem } from "../../spec/spec.ts";
import type { NodeId } from "../references.ts";

export interface Placement {
  readonly path: TargetPath;
  readonly facts: FileFacts;
  readonly uid: number;
  readonly gid: number;
  readonly to: ByteString | null;
  readonly source: ContentSource | null;
  readonly open: ((why?: OpenReason) => OpenFile) | null;
  readonly by: NodeId;
  readonly at: Span;
  /** A directory that only came along with a tree gives way to one that the recipe names. */
  readonly isImplied: boolean;
}

/** Where an object that is placed elsewhere comes from. */
export interface Origin {
  readonly tree: Tree;
  readonly name: "sysroot" | "host";
  readonly path: TargetPath;
  readonly by: NodeId;
  readonly at: Span;
}

/** The facts of what stands in no tree, but for its kind and mode. */
export const OF_THE_RECIPE = {
  size: 0,
  major: 0,
  minor: 0,
  uid: 0,
  gid: 0,
  fileSystem: 0,
  uncarried: null,
  version: null,
} as const;

const EXECUTE_BITS = 0o111;

/** A checkout's modes follow the umask of whoever made it: beside the recipe, the execute bit alone counts. */
export function checkoutMode(facts: FileFacts): number {
  const isProgram = facts.kind === "directory" || (facts.mode & EXECUTE_BITS) !== 0;
  return isProgram ? 0o755 : 0o644;
}

/** A file, or a directory with all that is in it, at a path of its own. */
export function placeObject(target: TargetPath, origin: Origin): Placement[] {
  const placements: Placement[] = [];
  const todo: [from: TargetPath, to: TargetPath][] = [[origin.path, target]];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [from, to] = next;
    const facts = origin.tree.stat(from);
    if (facts === null) continue;
    if (to !== ROOT) placements.push(placementOf(to, { ...origin, path: from }, facts, to !== target));
    if (facts.kind !== "directory") continue;
    for (const name of origin.tree.list(from).toReversed())
      todo.push([childOf(from, name), childOf(to, name)]);
  }
  return placements;
}

function placementOf(path: TargetPath, origin: Origin, facts: FileFacts, isInTree: boolean): Placement {
  const mode = origin.name === "host" && facts.kind !== "symlink" ? checkoutMode(facts) : facts.mode;
  const isFile = facts.kind === "file";
  return {
    path,
    facts: { ...facts, mode },
    uid: facts.uid,
    gid: facts.gid,
    to: facts.kind === "symlink" ? origin.tree.readLink(origin.path) : null,
    source: isFile ? { from: "tree", tree: origin.name, path: origin.path, version: facts.version } : null,
    open: isFile ? (why) => origin.tree.open(origin.path, why) : null,
    by: origin.by,
    at: origin.at,
    isImplied: isInTree && facts.kind === "directory",
  };
}

export function placeSymlink(path: TargetPath, to: ByteString, by: NodeId, at: Span): Placement {
  const facts: FileFacts = { ...OF_THE_RECIPE, kind: "symlink", mode: 0o777 };
  return { path, facts, uid: 0, gid: 0, to, source: null, open: null, by, at, isImplied: false };
}

/** An item of `files`. A `source` is a file beside the recipe, already resolved. */
export function placeFile(item: FileItem, by: NodeId, source: Origin | null): Placement[] {
  const { target, at, content } = item;
  if (content.kind === "source") {
    if (source === null) throw new TypeError("a source without its origin");
    return placeObject(target, source).map((placement) => owned(placement, item, content));
  }
  if (content.kind === "symlink")
    return [{ ...placeSymlink(target, content.to, by, at), uid: item.uid, gid: item.gid }];
  const facts = factsOf(content);
  const bytes = content.kind === "text" ? content.bytes : null;
  const inline: ContentSource | null = bytes === null ? null : { from: "recipe", bytes };
  const open = bytes === null ? null : () => openBytes(bytes);
  const { uid, gid } = item;
  return [{ path: target, facts, uid, gid, to: null, source: inline, open, by, at, isImplied: false }];
}

/** Owner and mode that the recipe gives; the mode is for the file itself, not for a tree's members. */
function owned(placement: Placement, item: FileItem, content: FileContent & { kind: "source" }): Placement {
  const isItself = placement.path === item.target && placement.facts.kind !== "symlink";
  const mode = isItself && content.mode !== null ? content.mode : placement.facts.mode;
  return { ...placement, facts: { ...placement.facts, mode }, uid: item.uid, gid: item.gid };
}

function factsOf(content: Exclude<FileContent, { kind: "source" | "symlink" }>): FileFacts {
  if (content.kind === "text")
    return { ...OF_THE_RECIPE, kind: "file", mode: content.mode, size: content.bytes.length };
  if (content.kind !== "char" && content.kind !== "block")
    return { ...OF_THE_RECIPE, kind: content.kind, mode: content.mode };
  const { kind, mode, major, minor } = content;
  return { ...OF_THE_RECIPE, kind, mode, major, minor };
}

/** A host path as a path in the tree that begins at "/". */
export function inHostTree(path: HostPath): TargetPath {
  return path.slice(1) as TargetPath;
}
