/**
 * The closure of store paths: from the roots, along the references, whole paths. Its order is that of the
 * references, breadth first, names in byte order, so that it is the same on every machine.
 */
import type { Entry } from "../../core/entry.ts";
import { compareBytes } from "../../core/order.ts";
import type { ByteString, TargetPath } from "../../core/path.ts";
import type { Progress, Tree } from "../../core/ports.ts";
import { HashScanner } from "../../formats/nix-hash-scan.ts";
import { parseStoreName } from "../../formats/nix-store-path.ts";
import { StorePathReader } from "./read-store-path.ts";
import type { ReferenceSource } from "./reference-source.ts";
import { listStore } from "./store-names.ts";

export interface StoreClosure {
  /** By name, in the order in which they were reached. */
  readonly paths: ReadonlyMap<ByteString, StorePathNode>;
  readonly holes: readonly StoreHole[];
}

export interface StorePathNode {
  readonly name: ByteString;
  /** Names in byte order; a path that mentions itself is among them. */
  readonly references: readonly StoreReference[];
  readonly entries: readonly Entry[];
}

export interface StoreReference {
  readonly to: ByteString;
  /** Where it was seen first, or who told of it. */
  readonly evidence: string;
}

export type StoreHole =
  /** Named by the recipe or by a reference, and not in the store. `by`: the first referrer; null: a root. */
  | { readonly kind: "missing"; readonly name: ByteString; readonly by: ByteString | null }
  /** In the store, but whoever knows the references knows nothing of it. */
  | { readonly kind: "unknown"; readonly name: ByteString; readonly by: ByteString | null }
  /** No name that Nix would give; `.links`, for one. */
  | { readonly kind: "illegal"; readonly name: ByteString; readonly by: ByteString | null }
  | { readonly kind: "foreign-file"; readonly path: TargetPath; readonly name: ByteString };

export interface StoreToRead {
  /** Rooted at the store directory. */
  readonly tree: Tree;
  /** What the store directory is called in the image: `nix/store`. */
  readonly directory: TargetPath;
  readonly source: ReferenceSource;
  readonly tell: Progress;
}

type FindReferences = (name: ByteString, hashes: ReadonlyMap<ByteString, string>) => StoreReference[] | null;

/** Reads every store path that can be reached from the roots, once. */
export function readStoreClosure(store: StoreToRead, roots: readonly ByteString[]): StoreClosure {
  const names = store.source.from === "scan" ? listStore(store.tree) : null;
  const scanner = names && new HashScanner(names.keys());
  const reader = new StorePathReader(store.tree, store.directory, scanner, store.tell);
  const find = names ? referencesByScan(names) : referencesByName(store.source, roots);
  const paths = new Map<ByteString, StorePathNode>();
  const holes: StoreHole[] = [];
  // A map keeps the order of insertion, also while it grows: it is the queue and the set of what was seen.
  const queue = new Map<ByteString, ByteString | null>(roots.map((root) => [root, null]));
  for (const [name, by] of queue) {
    const isLegal = parseStoreName(name) !== null;
    const contents = isLegal ? reader.read(name) : null;
    if (contents === null) {
      holes.push({ kind: isLegal ? "missing" : "illegal", name, by });
      continue;
    }
    for (const path of contents.foreign) holes.push({ kind: "foreign-file", path, name });
    const references = find(name, contents.hashes);
    if (references === null) holes.push({ kind: "unknown", name, by });
    const ordered = (references ?? []).sort((a, b) => compareBytes(a.to, b.to));
    paths.set(name, { name, references: ordered, entries: contents.entries });
    for (const { to } of ordered) if (!queue.has(to)) queue.set(to, name);
  }
  return { paths, holes };
}

function referencesByScan(names: ReadonlyMap<ByteString, ByteString>): FindReferences {
  return (_name, hashes) =>
    Array.from(hashes, ([hash, evidence]) => ({ to: names.get(hash) as ByteString, evidence }));
}

function referencesByName(source: ReferenceSource, roots: readonly ByteString[]): FindReferences {
  if (source.from !== "known") throw new TypeError("a scan knows no names");
  const known = source.closureOf(roots);
  return (name) => {
    const references = known.get(name);
    return references ? [...new Set(references)].map((to) => ({ to, evidence: source.told })) : null;
  };
}
