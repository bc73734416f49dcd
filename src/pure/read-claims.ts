/** Reads what the files of an image say of store paths, or remembers it, and tells what is beyond rewriting. */
import { digestOf } from "../core/digest.ts";
import type { Entry, FileEntry } from "../core/entry.ts";
import { openBytes } from "../core/open-bytes.ts";
import { compareBytes } from "../core/order.ts";
import { type ByteString, childOf, nameOf, showPath, type TargetPath } from "../core/path.ts";
import type { InputMemory, OpenFile, Progress } from "../core/ports.ts";
import { type Problem, ProblemCollector } from "../core/problem.ts";
import type { Chain } from "../core/problems/chain.ts";
import type { Warning } from "../core/warning.ts";
import { chainFrom } from "../graph/chains.ts";
import type { Closure } from "../graph/graph.ts";
import type { SourceTrees } from "../graph/trees.ts";
import type { EarlySegment } from "../inspect/early.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import {
  type FileReferences,
  type FixedReference,
  ReferenceFinder,
  recallReferences,
  rememberReferences,
} from "./find-references.ts";

export interface ReadPorts {
  readonly trees: SourceTrees;
  readonly memory: InputMemory;
  readonly tell: Progress;
}

/** By the entry: several may claim one path. */
export type ReferencesOf = ReadonlyMap<Entry, FileReferences>;

export class ClaimReader {
  /** `<hash>-<name>` by the hash part: what is looked for. */
  readonly #names: ReadonlyMap<ByteString, ByteString>;
  readonly #directory: TargetPath;
  readonly #ports: ReadPorts;
  readonly #finder: ReferenceFinder;
  /** What is remembered of a file depends on what was looked for. */
  readonly #about: string;
  /** By packing. */
  readonly #unread = new Map<string, string[]>();
  #files = 0;
  #bytes = 0;

  constructor(names: ReadonlyMap<ByteString, ByteString>, directory: TargetPath, ports: ReadPorts) {
    this.#names = names;
    this.#directory = directory;
    this.#ports = ports;
    this.#finder = new ReferenceFinder(names.keys());
    const hashes = [...names.keys()].sort(compareBytes).join("");
    this.#about = `content-pure ${digestOf(Buffer.from(hashes, "latin1"))}`;
  }

  /** Throws BuildFailure with every graph/cannot-rewrite. */
  async readAll({ claims, references: graph }: Closure): Promise<ReferencesOf> {
    const problems = new ProblemCollector();
    const found = new Map<Entry, FileReferences>();
    for (const { entry, by } of claims) {
      if (entry.kind !== "file" || found.has(entry)) continue;
      const references = await this.#read(entry);
      found.set(entry, references);
      const { fixed, unread } = references;
      if (fixed !== null) problems.add(this.#problemOf(entry.path, fixed, chainFrom(by, graph)));
      if (unread !== null)
        this.#unread.set(unread, [...(this.#unread.get(unread) ?? []), showPath(entry.path)]);
    }
    problems.throwIfAny();
    return found;
  }

  /** Of files that could not be looked into. */
  warnings(): Warning[] {
    return [...this.#unread].map(([packing, files]) => ({ code: "graph/unread-packing", packing, files }));
  }

  /** Of prepended archives, which stay as they are: store paths that they mention and do not hold themselves. */
  async warningsOf(early: readonly EarlySegment[]): Promise<Warning[]> {
    const warnings: Warning[] = [];
    const paths = new PathResolver(this.#ports.trees.host);
    for (const { path, at, entries } of early) {
      const file = paths.tree.open(paths.resolve(path).path);
      try {
        const { places } = await this.#finder.find(file, false);
        const own = new Set(entries.map((entry) => entry.path));
        const mentioned = [...new Set(places.map(({ hash }) => this.#pathOf(hash)))];
        const strangers = mentioned.filter((one) => !own.has(one)).map(showPath);
        const archive = nameOf(path);
        if (strangers.length > 0)
          warnings.push({ code: "graph/prepended-names", at, archive, paths: strangers });
      } finally {
        file.close();
      }
    }
    return warnings;
  }

  async #read({ source, size }: FileEntry): Promise<FileReferences> {
    if (source.from === "rewritten") throw new TypeError("a file is rewritten once");
    if (source.from === "recipe") return this.#finder.find(openBytes(source.bytes), true);
    const { tree, path, version } = source;
    const look = { size, version };
    const { identity } = this.#ports.trees[tree];
    const memory = this.#ports.memory.of(`${identity} ${this.#about}`);
    const known = recallReferences(memory, path, look);
    if (known !== null) return known;
    // Nothing that lies in a sysroot was made for this store, and much there is packed.
    const found = await this.#find(this.#ports.trees[tree].open(path), tree !== "sysroot");
    rememberReferences(memory, path, look, found);
    return found;
  }

  async #find(file: OpenFile, looksInside: boolean): Promise<FileReferences> {
    try {
      this.#files += 1;
      this.#bytes += file.size;
      this.#ports.tell({ step: "files", files: this.#files, bytes: this.#bytes });
      return await this.#finder.find(file, looksInside);
    } finally {
      file.close();
    }
  }

  #problemOf(path: TargetPath, { hash, why, what }: FixedReference, chain: Chain): Problem {
    return { code: "graph/cannot-rewrite", path, why, what, mentions: this.#pathOf(hash), chain };
  }

  #pathOf(hash: ByteString): TargetPath {
    return childOf(this.#directory, this.#names.get(hash)!);
  }
}
