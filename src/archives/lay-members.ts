/**
 * Members are laid over one another in their order, as unpacking would do it; the layers of a container image too,
 * with their whiteouts (OCI image-spec, layer.md).
 */
import {
  type ByteString,
  childOf,
  directoryOf,
  nameOf,
  parseTargetPath,
  ROOT,
  showBytes,
  showPath,
  type TargetPath,
} from "../core/path.ts";
import { FormatError } from "../formats/format-error.ts";
import { MOST_SYMLINKS } from "../trees/resolve-path.ts";
import type { ArchiveNode, GrowingIndex } from "./archive-index.ts";
import type { TarMember } from "./tar-members.ts";

const WHITEOUT = ".wh.";
/** Left by aufs; of these only the opaque mark means something. */
const AUFS = ".wh..wh.";
const OPAQUE = ".wh..wh..opq";

export interface LayerMembers {
  readonly members: readonly TarMember[];
  /** Its number among the archives. */
  readonly archive: number;
}

/** Lays a plain archive into an empty index. Throws FormatError (member, escape) with the member's place, and what a budget throws. */
export function layMembers({ members, archive }: LayerMembers, index: GrowingIndex): void {
  for (const member of members) layMember(member, { archive, index, isLayer: false });
}

/**
 * Lays a layer over those before it. What it hides is hidden in these alone, wherever the mark stands in the
 * layer. Throws FormatError as layMembers.
 */
export function layLayer({ members, archive }: LayerMembers, index: GrowingIndex): void {
  const isMark = (member: TarMember): boolean => nameOf(trimmed(member.name)).startsWith(WHITEOUT);
  for (const member of members.filter(isMark)) hide(member, index);
  for (const member of members) if (!isMark(member)) layMember(member, { archive, index, isLayer: true });
}

function hide(member: TarMember, index: GrowingIndex): void {
  const path = pathOf(member);
  const name = nameOf(path);
  const directory = resolveDirectory(directoryOf(path), index, null);
  if (directory === null) return; // nothing is there to hide
  if (name === OPAQUE) index.removeBelow(directory);
  else if (!name.startsWith(AUFS)) {
    const hidden = name.slice(WHITEOUT.length) as ByteString;
    if (hidden === "" || hidden === "." || hidden === "..")
      throw bad(member, "hides nothing that has a name");
    index.remove(childOf(directory, hidden));
  }
}

interface Target {
  readonly archive: number;
  readonly index: GrowingIndex;
  readonly isLayer: boolean;
}

function layMember(member: TarMember, { archive, index, isLayer }: Target): void {
  const literal = pathOf(member);
  if (literal === ROOT) {
    if (member.kind !== "directory") throw bad(member, "is the root and no directory");
    index.enter(ROOT, nodeOf(member, archive));
    return;
  }
  const path = childOf(resolveDirectory(directoryOf(literal), index, member)!, nameOf(literal));
  // Behind symlinks a short name can stand for a long path.
  index.budget.spend("text", Math.max(0, path.length - member.name.length));
  // Asked for before anything is replaced: a link to itself changes nothing.
  const node = member.kind === "hard-link" ? linked(member, index) : nodeOf(member, archive);
  const before = index.nodes.get(path);
  if (before?.facts.kind === "directory" && node.facts.kind !== "directory") {
    if (!isLayer && !index.isEmpty(path)) {
      throw bad(member, `is a ${node.facts.kind} where a directory with files is already`);
    }
    index.remove(path);
  }
  index.enter(path, node);
}

/** A hard link is the file that it names: one that came before it, or lies in a layer below. */
function linked(member: TarMember, index: GrowingIndex): ArchiveNode {
  const literal = parseTargetPath(member.to);
  if (literal === null || literal === ROOT)
    throw bad(member, `is a hard link out of the archive: ${showBytes(member.to)}`);
  const directory = resolveDirectory(directoryOf(literal), index, null);
  const node = directory === null ? undefined : index.nodes.get(childOf(directory, nameOf(literal)));
  if (node === undefined) {
    throw bad(member, `is a hard link to ${showPath(literal)}, which is not in the archive before it`);
  }
  if (node.facts.kind === "directory")
    throw bad(member, `is a hard link to the directory ${showPath(literal)}`);
  index.budget.spend("pieces", Math.max(0, node.extents.length - 1));
  return node;
}

/**
 * The directory that a path leads to, symlinks followed inside the tree, as container runtimes do it. Missing ones
 * are made for a `member` that lies there; without one the answer is null. Throws FormatError (member).
 */
function resolveDirectory(
  path: TargetPath,
  index: GrowingIndex,
  member: TarMember | null,
): TargetPath | null {
  const todo = path.split("/").reverse();
  /** This many of `todo` are the path's own; what lies above them is a symlink's. */
  let own = todo.length;
  let symlinks = 0;
  let at = ROOT;
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    const isOwn = todo.length < own;
    own = Math.min(own, todo.length);
    index.budget.lookUp(at);
    if (part === "" || part === ".") continue;
    if (part === "..") {
      at = directoryOf(at);
      continue;
    }
    const here = childOf(at, part);
    const node = index.nodes.get(here);
    if (node?.facts.kind === "symlink" && ++symlinks <= MOST_SYMLINKS) {
      if (node.to.startsWith("/")) at = ROOT;
      todo.push(...node.to.split("/").reverse());
      continue;
    }
    if (node === undefined && member !== null && isOwn) index.enterImplied(here);
    else if (node?.facts.kind !== "directory") {
      if (member === null) return null;
      const what =
        node === undefined
          ? "not there"
          : node.facts.kind === "symlink"
            ? "a loop of symlinks"
            : `a ${node.facts.kind}`;
      throw bad(member, `lies below ${showPath(here)}, which is ${what}`);
    }
    at = here;
  }
  return at;
}

function trimmed(name: ByteString): ByteString {
  return name.replace(/\/+$/, "") as ByteString;
}

function pathOf(member: TarMember): TargetPath {
  const path = parseTargetPath(member.name);
  if (path === null)
    throw new FormatError("escape", member.at, `${showBytes(member.name)} leads out of the archive`);
  if (path === ROOT && !/^[./]+$/.test(member.name)) throw bad(member, "has no name");
  return path;
}

function nodeOf(member: TarMember, archive: number): ArchiveNode {
  const { mode, size, major, minor, uid, gid, uncarried, to, extents } = member;
  const kind = member.kind === "hard-link" ? "file" : member.kind;
  const facts = {
    kind,
    mode: kind === "symlink" ? 0o777 : mode,
    size,
    major,
    minor,
    uid,
    gid,
    uncarried,
    fileSystem: 0,
    version: null,
  };
  return { facts, to, archive, extents };
}

function bad(member: TarMember, why: string): FormatError {
  return new FormatError("member", member.at, `${showBytes(member.name)} ${why}`);
}
