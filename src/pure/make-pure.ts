/**
 * Between graph and plan, where the recipe wishes it: store paths get names by their contents alone (store-names.ts),
 * and everything of the image that names one names it so: bytes of files, targets of symlinks, paths. The graph
 * keeps the original names, by which people know their store paths.
 */
import { digestOf } from "../core/digest.ts";
import type { ContentSource, Entry, FileEntry, Rewrite } from "../core/entry.ts";
import { rewriteBytes } from "../core/open-rewritten.ts";
import { compareBytes } from "../core/order.ts";
import { type ByteString, ROOT, type TargetPath } from "../core/path.ts";
import { parseStoreName, storePathOf } from "../formats/nix-store-path.ts";
import type { Claim, Closure } from "../graph/graph.ts";
import { listStore } from "../graph/store/store-names.ts";
import type { SourceTrees } from "../graph/trees.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { Spec, StoreSpec } from "../spec/spec.ts";
import type { FileReferences } from "./find-references.ts";
import { ClaimReader, type ReadPorts, type ReferencesOf } from "./read-claims.ts";
import { NOBODY, namesByContents, type StorePart } from "./store-names.ts";
import { HashTexts } from "./texts.ts";

type Hash = ByteString;

/**
 * The same closure where the recipe keeps names as they are. Throws BuildFailure: graph/store-cycle, graph/cannot-rewrite.
 */
export async function makePure(
  { store }: Spec,
  closure: Closure,
  early: readonly EarlySegment[],
  ports: ReadPorts,
): Promise<Closure> {
  if (!store.isContentPure) return closure;
  const names = namesIn(closure, store, ports.trees);
  const reader = new ClaimReader(names, store.directory, ports);
  const references = await reader.readAll(closure);
  const texts = new HashTexts(names.keys());
  const parts = partsOf(closure.claims, references, store.directory);
  const renamed = namesByContents(parts, texts);
  const rewriter = new Rewriter(references, texts, renamed);
  // Store paths that have become one claim the same paths with the same contents: the plan takes them for one.
  const claims = closure.claims.map((claim) => ({ ...claim, entry: rewriter.entry(claim.entry) }));
  const warnings = [...closure.warnings, ...reader.warnings(), ...(await reader.warningsOf(early))];
  return { ...closure, claims, renamed, warnings };
}

/**
 * The store paths whose mention counts, by their hash parts: those of the image; where of some only files come,
 * all of the store, since what files mention does not come with them.
 */
function namesIn({ claims }: Closure, { directory, extent }: StoreSpec, { store }: SourceTrees) {
  const isThere = extent === "files" && store.stat(ROOT)?.kind === "directory";
  const names = isThere ? listStore(store) : new Map<Hash, ByteString>();
  for (const { entry } of claims) {
    const path = storePathOf(entry.path, directory);
    if (path !== null) names.set(path.hash, path.name);
  }
  return names;
}

/** In the order of their names. */
function partsOf(claims: readonly Claim[], references: ReferencesOf, directory: TargetPath) {
  const parts = new Map<ByteString, StorePart["entries"][number][]>();
  for (const { entry } of claims) {
    const path = storePathOf(entry.path, directory);
    if (path === null) continue;
    const entries = parts.get(path.name) ?? [];
    const below = entry.path.slice(directory.length + 1 + path.name.length) as ByteString;
    entries.push({ entry, path: below, references: references.get(entry) ?? null });
    parts.set(path.name, entries);
  }
  const ordered = [...parts].sort(([a], [b]) => compareBytes(a, b));
  return new Map<Hash, StorePart>(
    ordered.map(([name, entries]) => [parseStoreName(name)!.hash, { name, entries }]),
  );
}

class Rewriter {
  readonly #references: ReferencesOf;
  readonly #texts: HashTexts;
  readonly #nowOf: (hash: Hash) => Hash;

  constructor(references: ReferencesOf, texts: HashTexts, renamed: ReadonlyMap<Hash, Hash>) {
    this.#references = references;
    this.#texts = texts;
    this.#nowOf = (hash) => renamed.get(hash) ?? NOBODY;
  }

  entry(entry: Entry): Entry {
    const path = this.#texts.replace(entry.path, this.#nowOf);
    if (entry.kind === "symlink") return { ...entry, path, to: this.#texts.replace(entry.to, this.#nowOf) };
    if (entry.kind !== "file") return { ...entry, path };
    return { ...entry, path, ...this.#contentOf(entry, this.#references.get(entry)!) };
  }

  /** What is as it was has been read, so its digest is known. */
  #contentOf(
    { source }: FileEntry,
    { blanked, places }: FileReferences,
  ): Pick<FileEntry, "content" | "source"> {
    if (places.length === 0) return { content: blanked, source };
    const rewrites = places.map(({ at, hash }): Rewrite => ({ at, was: hash, now: this.#nowOf(hash) }));
    if (source.from === "recipe") {
      const bytes = rewriteBytes(source.bytes, rewrites);
      return { content: digestOf(bytes), source: { from: "recipe", bytes } };
    }
    return { content: null, source: rewrittenFile(source, rewrites) };
  }
}

function rewrittenFile(file: ContentSource, rewrites: readonly Rewrite[]): ContentSource {
  if (file.from !== "tree") throw new TypeError("a file is rewritten once");
  return { from: "rewritten", file, rewrites };
}
