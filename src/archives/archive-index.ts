/** What lies where in a root tree that is kept in archives. */
import { type ByteString, childOf, directoryOf, nameOf, ROOT, type TargetPath } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import type { Extent } from "../formats/tar-sparse.ts";
import type { Budget } from "./budget.ts";

export interface ArchiveNode {
  readonly facts: FileFacts;
  /** Of a symlink. */
  readonly to: ByteString;
  /** Which of the archives holds the bytes of a file, and where. */
  readonly archive: number;
  readonly extents: readonly Extent[];
}

export interface ArchiveIndex {
  /** Undefined: nothing is there. */
  node(path: TargetPath): ArchiveNode | undefined;
  /** What lies in a directory, in no order; nothing in what is none. */
  names(path: TargetPath): Iterable<ByteString>;
}

/** An index while members are laid into it. */
export class GrowingIndex implements ArchiveIndex {
  readonly nodes: Map<TargetPath, ArchiveNode> = new Map([[ROOT, impliedDirectory()]]);
  /** By their directory; it may have become empty. */
  readonly children: Map<TargetPath, Set<ByteString>> = new Map();
  readonly budget: Budget;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  node(path: TargetPath): ArchiveNode | undefined {
    return this.nodes.get(path);
  }

  names(path: TargetPath): Iterable<ByteString> {
    return this.children.get(path) ?? [];
  }

  /** Puts a node at a path whose directories are there; the same path again replaces what it had. */
  enter(path: TargetPath, node: ArchiveNode): void {
    this.nodes.set(path, node);
    if (path === ROOT) return;
    const names = this.children.get(directoryOf(path)) ?? new Set();
    this.children.set(directoryOf(path), names.add(nameOf(path)));
  }

  /** What many archives leave out: the directories above their members. */
  enterImplied(path: TargetPath): void {
    this.budget.spend("entries", 1);
    this.budget.spend("text", path.length);
    this.enter(path, impliedDirectory());
  }

  /** A path and all below it. */
  remove(path: TargetPath): void {
    this.removeBelow(path);
    this.nodes.delete(path);
    this.children.get(directoryOf(path))?.delete(nameOf(path));
  }

  removeBelow(path: TargetPath): void {
    const todo = [path];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      for (const name of this.children.get(at) ?? []) {
        todo.push(childOf(at, name));
        this.nodes.delete(childOf(at, name));
      }
      this.children.delete(at);
    }
  }

  isEmpty(path: TargetPath): boolean {
    return (this.children.get(path)?.size ?? 0) === 0;
  }
}

function impliedDirectory(): ArchiveNode {
  const nothing = { size: 0, major: 0, minor: 0, uid: 0, gid: 0, uncarried: null };
  const facts: FileFacts = { kind: "directory", mode: 0o755, ...nothing, fileSystem: 0, version: null };
  return { facts, to: "" as ByteString, archive: 0, extents: [] };
}
