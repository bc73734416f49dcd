/**
 * What a program will see once the image is unpacked, as a tree to resolve paths in: the files that the
 * recipe places by itself, over the store, over the sysroot. So `#!/bin/sh` finds the busybox that the recipe
 * puts at /bin/sh before any shell of the sysroot, and a library beside the recipe hides the sysroot's.
 */

import type { ContentSource, TreeName } from "../core/entry.ts";
import { compareBytes } from "../core/order.ts";
import {
  type ByteString,
  childOf,
  directoryOf,
  isInside,
  nameOf,
  ROOT,
  type TargetPath,
} from "../core/path.ts";
import type { FileFacts, OpenFile, OpenReason, Tree } from "../core/ports.ts";
import type { StoreExtent } from "../spec/spec.ts";
import { OF_THE_RECIPE } from "./roots/place.ts";

/** A file that the recipe places: its facts, and where its content or its target is. */
export interface PlacedFile {
  readonly facts: FileFacts;
  /** For a symlink. */
  readonly to: ByteString | null;
  /** For a file. */
  readonly source: ContentSource | null;
  readonly open: ((why?: OpenReason) => OpenFile) | null;
}

/** The store as a part of the tree: what lies at `directory` is read there. */
export interface StoreMount {
  readonly directory: TargetPath;
  readonly tree: Tree;
  readonly extent: StoreExtent;
}

const DIRECTORY: FileFacts = { kind: "directory", mode: 0o755, ...OF_THE_RECIPE };

export class ImageTree implements Tree {
  readonly label: string;
  readonly identity: string;
  readonly #sysroot: Tree;
  readonly #store: StoreMount;
  readonly #placed = new Map<TargetPath, PlacedFile>();
  /** The names that placed files add to each directory. */
  readonly #names = new Map<TargetPath, Set<ByteString>>();

  constructor(sysroot: Tree, store: StoreMount) {
    this.label = sysroot.label;
    this.identity = sysroot.identity;
    this.#sysroot = sysroot;
    this.#store = store;
  }

  /** Puts a file of the recipe over whatever the trees have there. */
  place(path: TargetPath, file: PlacedFile): void {
    this.#placed.set(path, file);
    for (let below: TargetPath = path; below !== ROOT; below = directoryOf(below)) {
      const names = this.#names.get(directoryOf(below)) ?? new Set();
      this.#names.set(directoryOf(below), names.add(nameOf(below)));
    }
  }

  isPlaced(path: TargetPath): boolean {
    return this.#placed.has(path);
  }

  isInStore(path: TargetPath): boolean {
    return path !== this.#store.directory && isInside(path, this.#store.directory);
  }

  /** Whether a path comes with the whole store path that it lies in. */
  comesWhole(path: TargetPath): boolean {
    return this.#store.extent === "whole" && this.isInStore(path);
  }

  /** `<hash>-<name>` of a path in the store. */
  storeNameOf(path: TargetPath): ByteString {
    const rest = path.slice(this.#store.directory.length + 1);
    return rest.slice(0, `${rest}/`.indexOf("/")) as ByteString;
  }

  storePathOf(name: ByteString): TargetPath {
    return childOf(this.#store.directory, name);
  }

  stat(path: TargetPath): FileFacts | null {
    const placed = this.#placed.get(path);
    if (placed) return placed.facts;
    const below = this.#below(path);
    const facts = below.tree.stat(below.path);
    if (facts === null) return this.#isParent(path) ? DIRECTORY : null;
    return below.name === "store" ? { ...facts, mode: storeMode(below.path, facts) } : facts;
  }

  readLink(path: TargetPath): ByteString {
    const placed = this.#placed.get(path);
    if (placed?.to != null) return placed.to;
    const below = this.#below(path);
    return below.tree.readLink(below.path);
  }

  list(path: TargetPath): readonly ByteString[] {
    const below = this.#below(path);
    const isThere = below.tree.stat(below.path)?.kind === "directory";
    const names = new Set(isThere ? below.tree.list(below.path) : []);
    for (const name of this.#names.get(path) ?? []) names.add(name);
    return [...names].sort(compareBytes);
  }

  /** Where a file's bytes are kept, as the image has it at a path. */
  sourceOf(path: TargetPath, { version }: Pick<FileFacts, "version">): ContentSource {
    const placed = this.#placed.get(path);
    if (placed?.source != null) return placed.source;
    const below = this.#below(path);
    return { from: "tree", tree: below.name, path: below.path, version };
  }

  open(path: TargetPath, why?: OpenReason): OpenFile {
    const placed = this.#placed.get(path);
    if (placed?.open) return placed.open(why);
    const below = this.#below(path);
    return below.tree.open(below.path, why);
  }

  #isParent(path: TargetPath): boolean {
    return path === ROOT || this.#names.has(path) || isInside(this.#store.directory, path);
  }

  #below(path: TargetPath): { tree: Tree; name: TreeName; path: TargetPath } {
    if (!isInside(path, this.#store.directory)) return { tree: this.#sysroot, name: "sysroot", path };
    const rest = path.slice(this.#store.directory.length + 1) as TargetPath;
    return { tree: this.#store.tree, name: "store", path: rest };
  }
}

/** What Nix would restore, whatever the disk says; the store directory itself is never written to in an image. */
function storeMode(path: TargetPath, { kind, mode }: FileFacts): number {
  if (kind === "symlink") return 0o777;
  if (kind === "directory") return path === ROOT ? 0o755 : 0o555;
  return (mode & 0o100) === 0 ? 0o444 : 0o555;
}
