/**
 * What an image unpacks to, as a tree of files like a sysroot. What lies where is known at once. What files hold has to be
 * loaded before it can be read: members are decompressed in time, and a tree has none.
 */

import { openBytes } from "../core/open-bytes.ts";
import type { ByteString, HostPath, TargetPath } from "../core/path.ts";
import type { FileFacts, OpenFile, Tree } from "../core/ports.ts";
import type { RecordPlace, UnpackedTree } from "../inspect/unpacked-tree.ts";
import { type ReadRecords, recordKey } from "./read-records.ts";

/** What is held of all files together. Bytes. */
const MOST_HELD = 2 ** 30;

export class ImageTree implements Tree {
  readonly label: string;
  readonly identity: string;
  readonly #tree: UnpackedTree;
  readonly #read: ReadRecords;
  readonly #held = new Map<string, Uint8Array>();
  #room = MOST_HELD;

  constructor(image: HostPath, tree: UnpackedTree, read: ReadRecords) {
    this.label = image;
    this.identity = `image:${image}`;
    this.#tree = tree;
    this.#read = read;
  }

  stat(path: TargetPath): FileFacts | null {
    return this.#tree.stat(path);
  }

  readLink(path: TargetPath): ByteString {
    return this.#tree.readLink(path);
  }

  list(path: TargetPath): readonly ByteString[] {
    return this.#tree.list(path);
  }

  /** How many paths there are, beside the root's. */
  get size(): number {
    return this.#tree.size - 1;
  }

  /** Every path but the root's, in byte order. */
  paths(): TargetPath[] {
    return [...this.#tree.paths()].filter((path) => path !== "").sort();
  }

  /**
   * Makes files ready to be opened: one reading of each member that holds some. Paths are those of files, without
   * symlinks. Those that there is no room for are not loaded.
   */
  async load(paths: Iterable<TargetPath>): Promise<void> {
    const wanted = new Map<string, RecordPlace & { readonly size: number }>();
    for (const path of paths) {
      const place = this.#tree.dataOf(path);
      const size = this.#tree.stat(path)?.size ?? 0;
      if (place === null) continue;
      const key = recordKey(place);
      if (this.#held.has(key) || wanted.has(key) || size > this.#room) continue;
      this.#room -= size;
      wanted.set(key, { ...place, size });
    }
    for (const [key, bytes] of await this.#read([...wanted.values()])) this.#held.set(key, bytes);
  }

  /** Whether a file can be opened; empty ones always can. */
  isLoaded(path: TargetPath): boolean {
    const place = this.#tree.dataOf(path);
    return place === null || this.#held.has(recordKey(place));
  }

  /** A file that was loaded. */
  open(path: TargetPath): OpenFile {
    const place = this.#tree.dataOf(path);
    if (place === null) return openBytes(new Uint8Array(0));
    const bytes = this.#held.get(recordKey(place));
    if (bytes === undefined) throw new TypeError(`${path} was not loaded`);
    return openBytes(bytes);
  }
}
