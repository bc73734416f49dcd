/**
 * The second stage: from a recipe to the closure of all that it asks for. Roots go in; each file is scanned
 * once; what it refers to goes in as well, until nothing is new.
 */
import { isOfArch } from "../core/arch.ts";
import type { Entry } from "../core/entry.ts";
import { NO_MEMORY } from "../core/no-memory.ts";
import { type ByteString, nameOf, type TargetPath } from "../core/path.ts";
import type { InputMemory, Progress } from "../core/ports.ts";
import { showPlace } from "../core/span.ts";
import type { Warning } from "../core/warning.ts";
import { type ElfFile, ET_REL } from "../formats/elf.ts";
import type { KernelContents } from "../kernel/kernel.ts";
import type { Spec } from "../spec/spec.ts";
import { PathResolver, type ResolvedPath } from "../trees/resolve-path.ts";
import { Allowances } from "./allowances.ts";
import { because, Closing } from "./closing.ts";
import { type FileToScan, type FoundReference, type Hole, referrersIn } from "./findings.ts";
import type { Claim, Closure } from "./graph.ts";
import { ImagePaths } from "./image-paths.ts";
import { ImageTree } from "./image-tree.ts";
import { Includer } from "./include.ts";
import { LibraryLoader } from "./loader/load-program.ts";
import { LoaderCache } from "./loader-cache.ts";
import { imageMemory, openMemories } from "./memories.ts";
import { type Reason, recipeNode } from "./references.ts";
import type { NamedObject } from "./roots/contents.ts";
import { claimKernel, refuseOtherMachines } from "./roots/kernel-roots.ts";
import type { Placement } from "./roots/place.ts";
import { MAKE_INITRD_DIRECTORIES, recipeRoots, type SettledPlacement } from "./roots/recipe-roots.ts";
import { FileScanner } from "./scan-file.ts";
import { findingsIn, nameMachine, type ScannerTools } from "./scanners/index.ts";
import { closeStore } from "./store/close-store.ts";
import type { ReferenceSource } from "./store/reference-source.ts";
import type { ElfInImage } from "./suspicions/finished-image.ts";
import { suspicionsOf } from "./suspicions/index.ts";
import type { SourceTrees } from "./trees.ts";
import { contentReader } from "./unread.ts";

/** Throws BuildFailure with every hole and every file that is not what it should be. */
export function closeReferences(
  spec: Spec,
  trees: SourceTrees,
  storeReferences: ReferenceSource,
  tell: Progress,
  kernel: KernelContents | null = null,
  memory: InputMemory = NO_MEMORY,
): Closure {
  const closer = new Closer(spec, trees, tell, memory);
  const claims = closer.close(kernel);
  const store = closer.closeStore(trees, storeReferences, tell);
  return closer.finish([...claims, ...store]);
}

class Closer {
  readonly #spec: Spec;
  readonly #trees: SourceTrees;
  readonly #tree: ImageTree;
  readonly #closing: Closing;
  readonly #includer: Includer;
  readonly #tools: ScannerTools;
  readonly #placements = new Map<TargetPath, Placement>();
  /** Files that a program needs: its own scan has followed what they need in turn. */
  readonly #libraries = new Set<TargetPath>();
  /** File names and sonames of all ELF files seen. */
  readonly #sonames = new Set<ByteString>();
  readonly #elves: ElfInImage[] = [];
  readonly #openHoles: Hole[] = [];
  readonly #followed = new Map<ResolvedPath, Set<string>>();
  readonly #scanner: FileScanner;
  readonly #loaderCache: LoaderCache;

  constructor(spec: Spec, trees: SourceTrees, tell: Progress, memory: InputMemory) {
    this.#spec = spec;
    this.#trees = trees;
    const { directory, extent } = spec.store;
    this.#tree = new ImageTree(trees.sysroot, { directory, extent, tree: trees.store });
    const paths = new ImagePaths(this.#tree);
    const known = imageMemory(this.#tree, openMemories(trees, memory));
    const scanner = new FileScanner(this.#tree, tell, known);
    this.#scanner = scanner;
    this.#loaderCache = new LoaderCache(spec.loaderCache);
    const loader = new LibraryLoader({
      paths,
      kindOf: (path) => scanner.kindOf(path),
      libraryPath: spec.libraryPath,
      dlopen: spec.dlopen,
      hwcaps: spec.hwcaps,
      loaderCache: spec.loaderCache,
    });
    this.#tools = { loader, paths };
    this.#closing = new Closing(paths, this.#tree, scanner, new Allowances(spec.allow));
    this.#includer = new Includer(this.#closing);
  }

  close(kernel: KernelContents | null): readonly Claim[] {
    const closing = this.#closing;
    const { problems } = closing;
    for (const object of this.#place()) problems.attempt(() => this.#includeObject(object));
    if (kernel !== null) claimKernel(kernel, this.#spec.kernel!.at, closing, this.#includer);
    for (let file = closing.nextFile(); file; file = closing.nextFile()) {
      const next = file;
      problems.attempt(() => this.#scan(next));
    }
    if (kernel !== null) refuseOtherMachines(kernel, this.#spec.arch, closing);
    this.#loaderCache.claim(closing, this.#tools.loader.profiles, (path) => this.#scanner.kindOf(path));
    for (const hole of this.#openHoles) {
      if (!hole.closedBy.some((soname) => this.#sonames.has(soname))) closing.report(hole);
    }
    closing.warnings.push(...this.#suspicions());
    return closing.claims;
  }

  #suspicions(): Warning[] {
    const closing = this.#closing;
    return suspicionsOf({
      paths: closing.paths,
      sonames: this.#sonames,
      elves: this.#elves,
      isIn: (path) => closing.isClaimed(path) || this.#tree.isPlaced(path),
    });
  }

  closeStore({ store: tree }: SourceTrees, source: ReferenceSource, tell: Progress): readonly Claim[] {
    const roots = [...this.#closing.storeRoots].map(([name, by]) => ({ name, by }));
    if (roots.length === 0) return [];
    const request = { tree, directory: this.#spec.store.directory, roots, source, tell };
    return this.#closing.problems.attempt(() => closeStore(request, this.#closing.graph)) ?? [];
  }

  finish(claims: readonly Claim[]): Closure {
    const { problems, graph: references, machine, warnings } = this.#closing;
    for (const problem of this.#closing.unusedAllowances()) problems.add(problem);
    problems.throwIfAny();
    const contentOf = contentReader(this.#trees);
    return { references, claims, originals: new Map(), machine, warnings, contentOf };
  }

  /** Puts everything that the recipe places into the image's tree, then claims it; gives what is left to look up. */
  #place(): readonly NamedObject[] {
    const { graph, problems } = this.#closing;
    const { sysroot, store, host } = this.#trees;
    const resolvers = {
      sysroot: new PathResolver(sysroot),
      store: new PathResolver(store),
      host: new PathResolver(host),
    };
    const { named, placed } = recipeRoots(this.#spec, resolvers, graph, problems);
    for (const placement of placed) {
      this.#tree.place(placement.path, placement);
      this.#placements.set(placement.path, placement);
    }
    if (this.#spec.layout === "make-initrd") this.#claimLayout();
    for (const placement of placed) problems.attempt(() => this.#claimPlacement(placement));
    return named;
  }

  #claimLayout(): void {
    const by = recipeNode("layout");
    this.#closing.graph.addNode(by, { kind: "recipe", at: null, label: "layout: make-initrd" });
    for (const path of MAKE_INITRD_DIRECTORIES) {
      this.#closing.claim({ kind: "directory", path, mode: 0o755, uid: 0, gid: 0 }, by, null, true);
    }
  }

  #claimPlacement(placement: SettledPlacement): void {
    const { path, facts, by, at, layout, isImplied } = placement;
    const node = this.#closing.addFileNode(path);
    this.#closing.addEdge(because(by, "named"), node);
    this.#includer.includeLayout(layout, node);
    this.#closing.refuseUncarried(path, facts, node);
    this.#closing.claim(this.#entryOf(placement), node, at, isImplied);
    if (facts.kind === "symlink") this.#includer.followPlacedSymlink(path);
  }

  #entryOf(placement: Placement): Entry {
    const { path, facts, uid, gid, to, source } = placement;
    const owned = { path, mode: facts.mode, uid, gid };
    switch (facts.kind) {
      case "symlink":
        return { kind: "symlink", ...owned, to: to! };
      case "file":
        return { ...this.#closing.fileEntry(path, facts, source!), uid, gid };
      case "directory":
        return { kind: "directory", ...owned };
      default:
        return { kind: facts.kind, ...owned, major: facts.major, minor: facts.minor };
    }
  }

  /** What the recipe places hides the tree's file of that name; to name both is a conflict. */
  #includeObject({ item, by, path }: NamedObject): void {
    const placed = this.#placements.get(path);
    if (placed === undefined) {
      this.#includer.includeNamed(path, by, item.at);
      return;
    }
    const first = { what: "an object of the tree", origin: showPlace(item.at) };
    const what = `a ${placed.facts.kind} that the recipe places there`;
    const second = { what, origin: showPlace(placed.at) };
    this.#closing.problems.add({ code: "plan/conflict", path, first, second });
  }

  #scan(file: FileToScan): void {
    const { content } = file.scanned;
    if (content.kind === "elf") {
      this.#noteElf(file, content.elf);
      if (content.elf.interpreter === null && this.#libraries.has(file.path)) return;
    }
    for (const finding of findingsIn(file, this.#tools)) {
      if (finding.kind === "reference") this.#follow(finding);
      else if (finding.closedBy.length === 0) this.#closing.report(finding);
      else this.#openHoles.push(finding);
    }
  }

  #follow({ by, to, reason, says, found, tried, needsCache }: FoundReference): void {
    if (this.#isFollowed(by, reason, says, to)) return;
    if (reason === "needed" || reason === "dlopen-note") this.#libraries.add(to.path);
    if (needsCache) this.#loaderCache.need(by, says);
    this.#includer.include(to, { by: this.#closing.nodeOf(by), reason, says, found, tried });
  }

  /** What a library needs is found again for each program that loads it, and told by the first alone. */
  #isFollowed(by: TargetPath, reason: Reason, says: string, to: ResolvedPath): boolean {
    const followed = this.#followed.get(to) ?? new Set<string>();
    this.#followed.set(to, followed);
    return followed.size === followed.add(`${reason} ${by} ${says}`).size;
  }

  /** Firmware may be ELF for another processor: what counts is what the kernel or the loader would run. */
  #noteElf(file: FileToScan, elf: ElfFile): void {
    this.#elves.push({ path: file.path, elf });
    this.#sonames.add(nameOf(file.path));
    if (elf.soname !== null) this.#sonames.add(elf.soname);
    const isRun = ((file.mode & 0o111) !== 0 && elf.type !== ET_REL) || elf.isDynamic;
    if (!isRun) return;
    this.#closing.machine ??= elf.machine;
    const { arch } = this.#spec;
    if (arch === null || isOfArch(elf.machine, arch)) return;
    const chain = referrersIn(this.#closing.chainOf(this.#closing.nodeOf(file.path)));
    const found = nameMachine(elf.machine);
    this.#closing.problems.add({
      code: "graph/wrong-arch",
      path: file.path,
      chain,
      expected: arch.name,
      found,
    });
  }
}
