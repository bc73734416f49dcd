/**
 * The tree that the kernel makes of an image's entries, without their data: which record a file's data comes from, and
 * what lies at a path in the end. Source: linux init/initramfs.c, do_name(), do_symlink(), maybe_link(), clean_path().
 */
import {
  type ByteString,
  directoryOf,
  nameOf,
  parseTargetPath,
  ROOT,
  type TargetPath,
} from "../core/path.ts";
import type { FileFacts, Tree } from "../core/ports.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { kindOfMode } from "./list-image.ts";
import { isTooLong, lossReason, type TreeEvent } from "./tree-events.ts";
import { NO_FACTS, type Node, nodeOf, type RecordPlace, type UnpackedNode } from "./unpacked-node.ts";

/** What every kernel has made before it unpacks an image (usr/default_cpio_list). */
export const THERE_BEFORE: readonly ThereBefore[] = [
  { path: "dev" as TargetPath, kind: "directory", mode: 0o755, numbers: [0, 0] },
  { path: "dev/console" as TargetPath, kind: "char", mode: 0o600, numbers: [5, 1] },
  { path: "root" as TargetPath, kind: "directory", mode: 0o700, numbers: [0, 0] },
];

interface ThereBefore extends Pick<FileFacts, "kind" | "mode"> {
  readonly path: TargetPath;
  readonly numbers: readonly [major: number, minor: number];
}

export type { RecordPlace, UnpackedNode };

/** Where the kernel first saw a file of several links, and in which member. */
interface FirstLink {
  readonly name: ByteString;
  readonly member: number;
}

export class UnpackedTree implements Pick<Tree, "stat" | "readLink" | "list"> {
  readonly #nodes = new Map<TargetPath, Node>();
  /** The names under which the kernel has first seen files of several links, since the last trailer. */
  readonly #links = new Map<string, FirstLink>();
  readonly #observe: ((event: TreeEvent) => void) | null;

  /** `before`: what is there without the image. `observe` hears what the kernel says no word of. */
  constructor(
    before: readonly ThereBefore[] = THERE_BEFORE,
    observe: ((event: TreeEvent) => void) | null = null,
  ) {
    this.#observe = observe;
    this.#nodes.set(ROOT, nodeOf("directory", NO_FACTS));
    for (const { path, kind, mode, numbers } of before) {
      const [rdevMajor, rdevMinor] = numbers;
      this.#put(path, nodeOf(kind, { ...NO_FACTS, mode, rdevMajor, rdevMinor }));
    }
  }

  stat(path: TargetPath): FileFacts | null {
    const node = this.#nodes.get(path);
    if (node === undefined) return null;
    const { kind, mode, uid, gid, size, major, minor } = node;
    return { kind, mode, uid, gid, size, major, minor, fileSystem: 0, uncarried: null, version: null };
  }

  readLink(path: TargetPath): ByteString {
    return this.#nodes.get(path)?.to ?? ("" as ByteString);
  }

  list(path: TargetPath): readonly ByteString[] {
    return [...(this.#nodes.get(path)?.names ?? [])].sort();
  }

  /** The record that holds a file's data; null: it is empty, or no file. */
  dataOf(path: TargetPath): RecordPlace | null {
    return this.#nodes.get(path)?.data ?? null;
  }

  /** How many paths there are, the root's included. */
  get size(): number {
    return this.#nodes.size;
  }

  /** What lies at a path: one and the same for all names of a file. Null: nothing. */
  nodeAt(path: TargetPath): UnpackedNode | null {
    return this.#nodes.get(path) ?? null;
  }

  /** Every path, the root's and those that were there before too, as the image brought them. */
  paths(): Iterable<TargetPath> {
    return this.#nodes.keys();
  }

  /** Adds an entry as the kernel does. What it could not make it drops without a word, and so does this. */
  add(entry: CpioEntry, member: number): void {
    const kind = kindOfMode(entry.mode);
    const path = kind === null ? null : this.#placeOf(entry.name, kind);
    if (kind === null || path === null) {
      this.#observe?.({ event: "lost", entry, why: lossReason(entry, kind) });
      return;
    }
    if (kind === "symlink") {
      this.#clear(path);
      this.#make(path, kind, entry);
      return;
    }
    if (this.#nodes.get(path)?.kind !== kind) {
      if (kind === "directory") this.#tellOfSymlink(path);
      this.#clear(path);
    }
    const link = kind === "directory" ? "none" : this.#link(path, entry, member);
    if (link === "failed") return;
    const node = this.#make(path, kind, entry);
    if (node === null || kind !== "file") return;
    if (link === "none" && node.paths > 1) this.#observe?.({ event: "written-through", path });
    // A new file begins empty; through another link only what has data overwrites.
    if (link === "none" || entry.size > 0) {
      node.size = entry.size;
      node.data = entry.size > 0 ? { member, offset: entry.offset } : null;
    }
  }

  /** A trailer: links are not looked for across it. */
  endArchive(): void {
    this.#links.clear();
    this.#observe?.({ event: "archive-ended" });
  }

  /** Where the kernel would make what an entry names; null: it could not, for want of a directory. */
  #placeOf(name: ByteString, kind: FileFacts["kind"]): TargetPath | null {
    const asDirectory = name.endsWith("/");
    if ((asDirectory && kind !== "directory") || isTooLong(name)) return null;
    const literal = asDirectory ? null : parseTargetPath(name);
    if (literal !== null && this.#isDirectory(directoryOf(literal))) return literal;
    const resolver = new PathResolver(this);
    const { path, isLoop } = asDirectory ? resolver.resolve(name) : resolver.resolveParent(name);
    return !isLoop && this.#isDirectory(directoryOf(path)) ? path : null;
  }

  /** No symlink leads to what is a key. */
  #isDirectory(path: TargetPath): boolean {
    return this.#nodes.get(path)?.kind === "directory";
  }

  /** Removes what lies there, as far as the kernel can: a directory must be empty. */
  #clear(path: TargetPath): void {
    const node = this.#nodes.get(path);
    if (node === undefined || path === ROOT || node.names.size > 0) return;
    this.#nodes.delete(path);
    node.paths -= 1;
    this.#nodes.get(directoryOf(path))?.names.delete(nameOf(path));
  }

  #tellOfSymlink(path: TargetPath): void {
    const node = this.#nodes.get(path);
    if (node?.kind === "symlink") this.#observe?.({ event: "symlink-destroyed", path, to: node.to });
  }

  /** Makes it, or finds what is there of its kind; null: something else is in the way. */
  #make(path: TargetPath, kind: FileFacts["kind"], entry: CpioEntry): Node | null {
    const there = this.#nodes.get(path);
    if (there === undefined) return this.#put(path, nodeOf(kind, entry));
    if (there.kind !== kind || kind === "symlink") {
      this.#observe?.({ event: "lost", entry, why: "directory-in-the-way" });
      return null;
    }
    if (there.major !== entry.rdevMajor || there.minor !== entry.rdevMinor) {
      if (kind === "char" || kind === "block") this.#observe?.({ event: "numbers-kept", path });
    }
    there.mode = entry.mode & 0o7777;
    there.uid = entry.uid;
    there.gid = entry.gid;
    there.mtime = entry.mtime;
    return there;
  }

  #put(path: TargetPath, node: Node): Node {
    this.#nodes.set(path, node);
    node.paths += 1;
    this.#nodes.get(directoryOf(path))?.names.add(nameOf(path));
    return node;
  }

  /**
   * Makes a path another name of the file that was first seen with these numbers. That file is looked for by its
   * name, after what lies at the new one was removed: under one name twice it is gone.
   */
  #link(path: TargetPath, entry: CpioEntry, member: number): "none" | "linked" | "failed" {
    if (entry.nlink < 2) return "none";
    const key = linkKey(entry);
    const first = this.#links.get(key);
    if (first === undefined) {
      this.#links.set(key, { name: entry.name, member });
      this.#observe?.({ event: "link-begun", key, path, entry });
      return "none";
    }
    this.#clear(path);
    const firstPath = this.#placeOf(first.name, "file");
    const node = firstPath === null ? undefined : this.#nodes.get(firstPath);
    if (node === undefined || node.kind === "directory" || this.#nodes.has(path)) {
      this.#observe?.({
        event: "lost",
        entry,
        why: this.#nodes.has(path) ? "directory-in-the-way" : "link-lost",
      });
      return "failed";
    }
    this.#put(path, node);
    this.#observe?.({ event: "linked", key, path, entry, isOfOtherMember: first.member !== member });
    return "linked";
  }
}

/** What the kernel knows the names of one file by. */
function linkKey({ devMajor, devMinor, ino, mode }: CpioEntry): string {
  return `${devMajor}:${devMinor}:${ino}:${mode & 0o170000}`;
}
