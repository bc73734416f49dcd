/**
 * The names that store paths have by their contents alone. As Nix does for content-addressed paths: what a path refers
 * to is named before it, and stands in its contents by that name; its own name stands there as NULs. So equal bytes
 * have equal names whatever was built to get them, and names of one length leave every file as long as it was.
 *
 * The hash part is a SHA-256, folded and written as Nix does, over: the name, and each entry's path, kind, mode, owner
 * and content, in the order of the paths. A file's content is its size, the digest of its bytes with all hash
 * parts blanked, and the places of these with the names that come there: the same as its rewritten bytes, and
 * known without reading it again.
 */
import { actionKey } from "../core/digest.ts";
import type { Entry } from "../core/entry.ts";
import { compareBytes } from "../core/order.ts";
import type { ByteString } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import { hashPartOf } from "../formats/nix-hash.ts";
import { HASH_LENGTH } from "../formats/nix-store-path.ts";
import type { FileReferences } from "./find-references.ts";
import type { HashTexts } from "./texts.ts";

/** A store path, or as much of it as the image has. */
export interface StorePart {
  /** `<hash>-<name>`. */
  readonly name: ByteString;
  readonly entries: readonly PartEntry[];
}

export interface PartEntry {
  readonly entry: Entry;
  /** Below the store path; empty: it is the entry itself. */
  readonly path: ByteString;
  /** Of a file. */
  readonly references: FileReferences | null;
}

type Hash = ByteString;

const ITSELF = "\0".repeat(HASH_LENGTH);
/** Of a store path of which the image has nothing: no hash part holds an "e" (nixpkgs' nuke-refs writes the same). */
export const NOBODY = "e".repeat(HASH_LENGTH) as Hash;

/** New hash parts by the old ones. Throws BuildFailure graph/store-cycle. */
export function namesByContents(parts: ReadonlyMap<Hash, StorePart>, texts: HashTexts): Map<Hash, Hash> {
  const names = new Map<Hash, Hash>();
  const open: { readonly hash: Hash; readonly references: Iterator<Hash> }[] = [];
  const enter = (hash: Hash) => {
    const around = open.findIndex((one) => one.hash === hash);
    if (around !== -1) throw cycle([...open.slice(around).map((one) => one.hash), hash], parts);
    open.push({ hash, references: referencesOf(parts.get(hash)!, texts).values() });
  };
  for (const root of parts.keys()) {
    if (!names.has(root)) enter(root);
    // The last that was entered is named once all that it refers to is.
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const { done, value } = top.references.next();
      if (done) {
        names.set(top.hash, nameOf(top.hash, parts.get(top.hash)!, names, texts));
        open.pop();
      } else if (value !== top.hash && parts.has(value) && !names.has(value)) enter(value);
    }
  }
  return names;
}

function referencesOf({ name, entries }: StorePart, texts: HashTexts): Set<Hash> {
  const hashes = new Set(texts.hashesIn(name));
  for (const { entry, path, references } of entries) {
    for (const hash of texts.hashesIn(path)) hashes.add(hash);
    if (entry.kind === "symlink") for (const hash of texts.hashesIn(entry.to)) hashes.add(hash);
    for (const { hash } of references?.places ?? []) hashes.add(hash);
  }
  return hashes;
}

function nameOf(own: Hash, { name, entries }: StorePart, names: ReadonlyMap<Hash, Hash>, texts: HashTexts) {
  const nowOf = (hash: Hash) => (hash === own ? ITSELF : (names.get(hash) ?? NOBODY));
  const textOf = (text: ByteString) => texts.replace(text, nowOf);
  const described = entries.map(({ entry, path, references }) => {
    const facts = [
      entry.kind,
      entry.mode,
      entry.uid,
      entry.gid,
      ...contentOf(entry, references, textOf, nowOf),
    ];
    return JSON.stringify([textOf(path), ...facts]);
  });
  // Several may claim one path.
  const lines = [...new Set(described)].sort(compareBytes);
  return hashPartOf(
    actionKey(["initgraph content-pure 1", textOf(name.slice(HASH_LENGTH) as ByteString), ...lines]),
  );
}

function contentOf(
  entry: Entry,
  references: FileReferences | null,
  textOf: (text: ByteString) => ByteString,
  nowOf: (hash: Hash) => string,
): (string | number)[] {
  if (entry.kind === "directory") return [];
  if (entry.kind === "symlink") return [textOf(entry.to)];
  if (entry.kind !== "file") return [entry.major, entry.minor];
  if (references === null) throw new TypeError(`nobody has read ${entry.path}`);
  const { blanked, places } = references;
  return [entry.size, blanked, ...places.flatMap(({ at, hash }) => [at, nowOf(hash)])];
}

/** Nix makes no such store: somebody changed it by hand. */
function cycle(around: readonly Hash[], parts: ReadonlyMap<Hash, StorePart>): BuildFailure {
  return new BuildFailure([
    { code: "graph/store-cycle", paths: around.map((hash) => parts.get(hash)!.name) },
  ]);
}
