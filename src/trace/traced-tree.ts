/** The tree that a traced image unpacks to, by its entries alone: where a path leads, and which entry stands there. */

import { compareBytes } from "../core/order.ts";
import { type ByteString, childOf, directoryOf, nameOf, ROOT, type TargetPath } from "../core/path.ts";
import type { FileFacts, Tree } from "../core/ports.ts";
import type { TracedEntry, TracedImage } from "./traced-image.ts";

export class TracedTree implements Pick<Tree, "stat" | "readLink" | "list"> {
  readonly #entries = new Map<TargetPath, TracedEntry>();
  readonly #names = new Map<TargetPath, ByteString[]>();

  constructor({ entries }: Pick<TracedImage, "entries">) {
    for (const entry of entries) {
      if (!this.#entries.has(entry.path) && entry.path !== ROOT) this.#enter(entry.path);
      this.#entries.set(entry.path, entry);
    }
  }

  /** What stands there in the end; null: nothing. */
  entryAt(path: TargetPath): TracedEntry | null {
    return this.#entries.get(path) ?? null;
  }

  stat(path: TargetPath): FileFacts | null {
    const entry = this.#entries.get(path);
    if (entry === undefined) return path === ROOT ? ROOT_FACTS : null;
    const { kind, mode, uid, gid, size, major, minor } = entry;
    return { kind, mode, uid, gid, size, major, minor, ...UNKNOWN };
  }

  readLink(path: TargetPath): ByteString {
    return this.#entries.get(path)?.to ?? ("" as ByteString);
  }

  list(path: TargetPath): readonly ByteString[] {
    return [...(this.#names.get(path) ?? [])].sort(compareBytes);
  }

  /** Every path but the root's, in the order of the image. */
  paths(): Iterable<TargetPath> {
    return this.#entries.keys();
  }

  /** All that lies below a directory, in no order. */
  *below(directory: TargetPath): Generator<TargetPath> {
    const todo = [directory];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      for (const name of this.#names.get(at) ?? []) {
        const path = childOf(at, name);
        yield path;
        todo.push(path);
      }
    }
  }

  #enter(path: TargetPath): void {
    const names = this.#names.get(directoryOf(path));
    if (names === undefined) this.#names.set(directoryOf(path), [nameOf(path)]);
    else names.push(nameOf(path));
  }
}

const UNKNOWN = { fileSystem: 0, uncarried: null, version: null };
const ROOT_FACTS: FileFacts = {
  kind: "directory",
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  major: 0,
  minor: 0,
  ...UNKNOWN,
};
