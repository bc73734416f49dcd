/**
 * Reads a store path once: its entries as Nix would restore them, the digest of every file, and, where a
 * scanner is given, whose hashes it holds. Searched are the three kinds of strings of a NAR: contents, names
 * and link targets, but not the path's own name. Modes are those of a NAR, whatever the disk says: 0555 or
 * 0444 by the owner's execute bit, 0555 for directories; owner root. The number of hard links is noise, since
 * optimised stores join equal files of strangers.
 */
import { type Digest, startDigest } from "../../core/digest.ts";
import type { Entry } from "../../core/entry.ts";
import { type ByteString, childOf, showPath, type TargetPath, toBytes } from "../../core/path.ts";
import type { FileFacts, Progress, Tree } from "../../core/ports.ts";
import type { HashScanner } from "../../formats/nix-hash-scan.ts";

const CHUNK_SIZE = 1 << 20;

export interface StorePathContents {
  /** Parents before children, names in byte order. */
  readonly entries: readonly Entry[];
  /** By hash, where it was first seen: "contents of /nix/store/…/bin/x". Empty without a scanner. */
  readonly hashes: ReadonlyMap<ByteString, string>;
  /** What no NAR can hold: devices, fifos, sockets. */
  readonly foreign: readonly TargetPath[];
}

/** One reader per store: it reuses one buffer for all files. */
export class StorePathReader {
  readonly #tree: Tree;
  readonly #directory: TargetPath;
  readonly #scanner: HashScanner | null;
  readonly #tell: Progress;
  readonly #buffer = new Uint8Array(CHUNK_SIZE);
  #files = 0;
  #bytes = 0;

  /** The tree is rooted at the store directory; `directory` is what that is called in the image. */
  constructor(tree: Tree, directory: TargetPath, scanner: HashScanner | null, tell: Progress) {
    this.#tree = tree;
    this.#directory = directory;
    this.#scanner = scanner;
    this.#tell = tell;
  }

  /** Null: the store has no such path. */
  read(name: ByteString): StorePathContents | null {
    const top = name as ByteString as TargetPath;
    const entries: Entry[] = [];
    const hashes = new Map<ByteString, string>();
    const foreign: TargetPath[] = [];
    this.#scanner?.startOver();
    const todo = [top];
    for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
      const facts = this.#tree.stat(path);
      if (facts === null && path === top) return null;
      const entry = facts && this.#read(path, facts, hashes);
      if (entry) entries.push(entry);
      else foreign.push(childOf(this.#directory, path));
      if (facts?.kind === "directory") todo.push(...this.#list(path, hashes));
    }
    return { entries, hashes, foreign };
  }

  #read(path: TargetPath, facts: FileFacts, hashes: Map<ByteString, string>): Entry | null {
    const place = { path: childOf(this.#directory, path), uid: 0, gid: 0 };
    if (facts.kind === "directory") return { ...place, kind: "directory", mode: 0o555 };
    if (facts.kind === "symlink") {
      const to = this.#tree.readLink(path);
      this.#scan(to, hashes, () => `target of the symlink ${showPath(place.path)}`);
      return { ...place, kind: "symlink", mode: 0o777, to };
    }
    if (facts.kind !== "file") return null;
    // Only a search has to see the bytes.
    const { size, digest } = this.#scanner === null ? { ...facts, digest: null } : this.#readFile(path);
    this.#note(hashes, () => `contents of ${showPath(place.path)}`);
    const mode = (facts.mode & 0o100) === 0 ? 0o444 : 0o555;
    return {
      ...place,
      kind: "file",
      mode,
      size,
      content: digest,
      source: { from: "tree", tree: "store", path, version: facts.version },
    };
  }

  /** Children in reverse, for a stack: the first name comes off it first. */
  #list(path: TargetPath, hashes: Map<ByteString, string>): TargetPath[] {
    const children = this.#tree.list(path).map((name) => childOf(path, name));
    for (const child of children) {
      const name = child.slice(path.length + 1) as ByteString;
      this.#scan(name, hashes, () => `name of ${showPath(childOf(this.#directory, child))}`);
    }
    return children.reverse();
  }

  /** Digest and search in one pass over the bytes. */
  #readFile(path: TargetPath): { size: number; digest: Digest } {
    const file = this.#tree.open(path);
    try {
      const digest = startDigest();
      for (let position = 0; position < file.size; ) {
        const length = file.read(this.#buffer, position);
        if (length === 0) break; // it shrank: the layer's writer will notice and say so
        const chunk = this.#buffer.subarray(0, length);
        digest.update(chunk);
        this.#scanner?.feed(chunk);
        position += length;
      }
      this.#scanner?.endOfString();
      this.#files += 1;
      this.#bytes += file.size;
      this.#tell({ step: "files", files: this.#files, bytes: this.#bytes });
      return { size: file.size, digest: digest.finish() };
    } finally {
      file.close();
    }
  }

  #scan(text: ByteString, hashes: Map<ByteString, string>, place: () => string): void {
    if (this.#scanner === null) return;
    this.#scanner.feed(toBytes(text));
    this.#scanner.endOfString();
    this.#note(hashes, place);
  }

  /** The scanner remembers all of a store path; what is new was in the last string. */
  #note(hashes: Map<ByteString, string>, place: () => string): void {
    const found = this.#scanner?.found();
    if (found === undefined || found.size === hashes.size) return;
    for (const hash of found) if (!hashes.has(hash)) hashes.set(hash, place());
  }
}
