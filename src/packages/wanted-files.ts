/** The files of an image by where they lie in the root tree: what package databases are asked for. */
import { type Entry, treeSourceOf } from "../core/entry.ts";
import { childOf, nameOf, type TargetPath } from "../core/path.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import type { FileSum, Package } from "./package.ts";

/** As a database lists it. */
export interface OwnedFile {
  readonly path: string;
  readonly sum: FileSum | null;
}

export class WantedFiles {
  readonly owners = new Map<TargetPath, Package[]>();
  readonly sums = new Map<TargetPath, FileSum>();
  /** How many files there are to find. */
  readonly files: number;
  readonly #paths: PathResolver;
  readonly #canonical = new Map<string, TargetPath>();
  /** Names alone first: of a system's hundred thousand paths few are worth more than one look. */
  readonly #names = new Set<string>();
  readonly #files = new Map<TargetPath, TargetPath[]>();

  /** `paths`: of the root tree. `others`: files of it that are no entries, by what they are called in the findings. */
  constructor(entries: Iterable<Entry>, paths: PathResolver, others: ReadonlyMap<TargetPath, TargetPath>) {
    this.#paths = paths;
    let files = others.size;
    for (const [name, path] of others) this.#want(paths.resolve(path).path, name);
    for (const entry of entries) {
      const file = entry.kind === "file" ? treeSourceOf(entry.source) : null;
      if (file?.tree === "sysroot") {
        files += 1;
        this.#want(this.#canonicalOf(file.path), entry.path);
      } else if (entry.kind === "symlink") {
        const path = this.#canonicalOf(entry.path);
        if (paths.stat(path)?.kind !== "symlink" || paths.readLink(path) !== entry.to) continue;
        // To many packages /lib is a directory still, and lists do not tell one from the other.
        if (paths.resolve(path).facts?.kind !== "directory") this.#want(path, entry.path);
      }
    }
    this.files = files;
  }

  /** Where these lie in the image, which lie in the tree where a database says: "/lib/x" is found in usr/lib. */
  at(listed: string): readonly TargetPath[] {
    const name = listed.slice(listed.lastIndexOf("/") + 1);
    if (!this.#names.has(name)) return [];
    return this.#files.get(this.#canonicalOf(listed)) ?? [];
  }

  /** Gives the owner, made at the first file of it that is in the image; null: none is. */
  own(files: Iterable<OwnedFile>, make: () => Package): Package | null {
    let owner: Package | null = null;
    for (const { path, sum } of files) {
      for (const inImage of this.at(path)) {
        owner ??= make();
        this.add(inImage, owner);
        if (sum !== null) this.sums.set(inImage, sum);
      }
    }
    return owner;
  }

  /** Of files that are the owner's by a list: where another package took one over, the sums of the first still name it. */
  sumUp(files: Iterable<OwnedFile>, owner: Package): void {
    for (const { path, sum } of files) {
      for (const inImage of this.at(path)) {
        if (sum !== null && this.owners.get(inImage)?.includes(owner)) this.sums.set(inImage, sum);
      }
    }
  }

  add(inImage: TargetPath, owner: Package): void {
    const known = this.owners.get(inImage) ?? [];
    if (!known.includes(owner)) this.owners.set(inImage, [...known, owner]);
  }

  #want(path: TargetPath, inImage: TargetPath): void {
    this.#names.add(nameOf(path));
    this.#files.set(path, [...(this.#files.get(path) ?? []), inImage]);
  }

  /** Through the symlinks of the directories above it. */
  #canonicalOf(path: string): TargetPath {
    const slash = path.lastIndexOf("/");
    const above = path.slice(0, Math.max(0, slash));
    let directory = this.#canonical.get(above);
    if (directory === undefined) {
      directory = this.#paths.resolve(above).path;
      this.#canonical.set(above, directory);
    }
    return childOf(directory, path.slice(slash + 1));
  }
}

/** Where a path leads; null: to no directory. */
export function directoryAt(path: TargetPath, paths: PathResolver): TargetPath | null {
  const to = paths.resolve(path);
  return to.facts?.kind === "directory" ? to.path : null;
}
