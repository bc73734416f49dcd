/**
 * The closure while it grows: the graph, the claims, the files that are still to be scanned, the problems.
 * What a path brings is decided in include.ts, in which order things are looked at in close.ts.
 */
import type { ElfMachine } from "../core/arch.ts";
import { digestOf } from "../core/digest.ts";
import type { ContentSource, Entry, FileEntry } from "../core/entry.ts";
import {
  ancestorsOf,
  type ByteString,
  directoryOf,
  isInside,
  ROOT,
  showPath,
  type TargetPath,
} from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import { type Problem, ProblemCollector } from "../core/problem.ts";
import type { Chain } from "../core/problems/chain.ts";
import type { Span } from "../core/span.ts";
import type { Warning } from "../core/warning.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import type { Allowances } from "./allowances.ts";
import { chainFrom } from "./chains.ts";
import type { FileToScan, Hole } from "./findings.ts";
import type { Claim } from "./graph.ts";
import type { ImageTree } from "./image-tree.ts";
import { fileNode, type NodeId, type Reason, ReferenceGraph } from "./references.ts";
import type { FileScanner } from "./scan-file.ts";
import type { StoreRoot } from "./store/store-root.ts";

/** What a reference says, for the edge it becomes. */
export interface Because {
  readonly by: NodeId;
  readonly reason: Reason;
  readonly says: string;
  readonly found: string;
  readonly tried: readonly string[];
}

/** A reference of which there is nothing to tell but that it is one. */
export function because(by: NodeId, reason: Reason, says = ""): Because {
  return { by, reason, says, found: "", tried: [] };
}

/** Kernel file systems: they are mounted when the image runs, so nothing of them is ever followed. */
const MOUNTED_AT_RUN_TIME = ["proc", "sys", "dev", "run"] as TargetPath[];

export class Closing {
  readonly graph: ReferenceGraph = new ReferenceGraph();
  readonly problems: ProblemCollector = new ProblemCollector();
  readonly claims: Claim[] = [];
  readonly warnings: Warning[] = [];
  readonly tree: ImageTree;
  /** As the layer sees them that is being closed. */
  paths: PathResolver;
  /** Which that is, counted from 0. */
  layer = 0;
  /** The machine of the first program; null: none was seen. */
  machine: ElfMachine | null = null;
  readonly #scanner: FileScanner;
  readonly #allowances: Allowances;
  readonly #claimed = new Set<TargetPath>();
  readonly #reported = new Set<string>();
  /** Those with nothing to scan are not in it. */
  readonly #queue: FileToScan[] = [];
  #scanned = 0;
  /** Who copies a directory: its files have no nodes of their own yet. */
  readonly #copied = new Map<TargetPath, NodeId>();
  readonly #storeRoots = new Map<ByteString, StoreRoot>();

  constructor(paths: PathResolver, tree: ImageTree, scanner: FileScanner, allowances: Allowances) {
    this.paths = paths;
    this.tree = tree;
    this.#scanner = scanner;
    this.#allowances = allowances;
  }

  /** Undefined: all were given; those of the next layer are still to come. */
  nextFile(): FileToScan | undefined {
    return this.#scanned < this.#queue.length ? this.#queue[this.#scanned++] : undefined;
  }

  /** The store paths that were named, with who named each first. */
  get storeRoots(): readonly StoreRoot[] {
    return [...this.#storeRoots.values()];
  }

  addStoreRoot(name: ByteString, by: NodeId): void {
    if (!this.#storeRoots.has(name)) this.#storeRoots.set(name, { name, by, layer: this.layer });
  }

  /** What the recipe's next layer places is in the tree: from here on paths lead where it says, and claims are its own. */
  enterLayer(layer: number, paths: PathResolver): void {
    this.layer = layer;
    this.paths = paths;
  }

  /** Whether a path lies in a file system that is mounted when the image runs. */
  isMounted(path: TargetPath): boolean {
    return MOUNTED_AT_RUN_TIME.some((top) => isInside(path, top)) && !this.tree.isPlaced(path);
  }

  /** A mounted /proc of a root that is in use: another file system than the root's, at its place. */
  isMountPoint(path: TargetPath, facts: FileFacts): boolean {
    return MOUNTED_AT_RUN_TIME.includes(path) && facts.fileSystem !== this.paths.stat(ROOT)?.fileSystem;
  }

  addEdge({ by, reason, says, found, tried }: Because, to: NodeId): void {
    this.graph.addReference({ from: by, to, reason, says, found, tried });
  }

  addFileNode(path: TargetPath): NodeId {
    const id = fileNode(path);
    this.graph.addNode(id, { kind: "file", path });
    return id;
  }

  /** A file of a copied tree gets a node of its own once there is something to say about it. */
  nodeOf(path: TargetPath): NodeId {
    const id = fileNode(path);
    const by = this.#copied.get(directoryOf(path));
    if (by === undefined || this.graph.hasNode(id)) return id;
    this.addEdge(because(by, "copied"), this.addFileNode(path));
    return id;
  }

  /** Whether a directory is to be copied now: for the first time. */
  beginCopy(directory: TargetPath, by: NodeId): boolean {
    if (this.#copied.has(directory)) return false;
    this.#copied.set(directory, by);
    return true;
  }

  isClaimed(path: TargetPath): boolean {
    return this.#claimed.has(path);
  }

  /** Adds an entry that stands in the recipe itself. */
  claim(entry: Entry, by: NodeId, at: Span | null, isImplied: boolean): void {
    this.claims.push({ entry, by, at, isImplied, layer: this.layer });
  }

  /** Claims what a tree has at a path, once, with the directories above it. What the recipe placed claims itself. */
  claimFromTree(path: TargetPath, by: NodeId, facts: FileFacts): void {
    if (this.#claimed.has(path) || this.tree.isPlaced(path)) return;
    this.#claimed.add(path);
    this.refuseUncarried(path, facts, by);
    this.claim(this.#entryOf(path, facts), by, null, false);
    this.claimParents(path, by);
  }

  claimParents(path: TargetPath, by: NodeId): void {
    if (this.#claimed.has(directoryOf(path))) return; // and so is all above it
    for (const parent of ancestorsOf(path)) {
      const facts = this.#claimed.has(parent) ? null : this.paths.stat(parent);
      if (facts?.kind !== "directory") continue;
      this.#claimed.add(parent);
      this.claim(this.#entryOf(parent, facts), by, null, true);
    }
  }

  /** What would be lost without a word is a problem. */
  refuseUncarried(path: TargetPath, { uncarried: what }: FileFacts, by: NodeId): void {
    if (what !== null) this.problems.add({ code: "graph/cannot-carry", path, what, chain: this.chainOf(by) });
  }

  /** A file entry: looked at, and put into the queue of those to scan. */
  fileEntry(path: TargetPath, facts: FileFacts, source: ContentSource): FileEntry {
    const scanned = this.#scanner.scan(path, facts);
    if (scanned.content.kind !== "plain") this.#queue.push({ path, mode: facts.mode, scanned });
    const { size } = scanned;
    const content = source.from === "recipe" ? digestOf(source.bytes) : scanned.digest;
    return { kind: "file", path, mode: facts.mode, uid: facts.uid, gid: facts.gid, size, content, source };
  }

  /** A hole is a problem, unless the recipe accepts it by name. */
  report(hole: Hole): void {
    if (this.#allowances.allows(hole.names, showPath(hole.by))) return;
    const problem = hole.problem(this.chainOf(this.nodeOf(hole.by)));
    // Every program that loads a library meets the library's own holes.
    const key = [problem.code, hole.by, ...hole.names].join("\0");
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.problems.add(problem);
  }

  /** From a node back to the line of the recipe. */
  chainOf(node: NodeId): Chain {
    return chainFrom(node, this.graph);
  }

  unusedAllowances(): Problem[] {
    return this.#allowances.problems();
  }

  #entryOf(path: TargetPath, facts: FileFacts): Entry {
    const owned = { path, mode: facts.mode, uid: facts.uid, gid: facts.gid };
    switch (facts.kind) {
      case "file":
        return this.fileEntry(path, facts, this.tree.sourceOf(path, facts));
      case "directory":
        return { kind: "directory", ...owned };
      case "symlink":
        return { kind: "symlink", ...owned, mode: 0o777, to: this.paths.readLink(path) };
      default:
        return { kind: facts.kind, ...owned, major: facts.major, minor: facts.minor };
    }
  }
}
