/**
 * The second stage: from a recipe to the closure of all that it asks for. Roots go in; each file is scanned
 * once; what it refers to goes in as well, until nothing is new.
 */
import { isOfArch } from "../core/arch.ts";
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
import { Closing } from "./closing.ts";
import { type FileToScan, type FoundReference, type Hole, referrersIn } from "./findings.ts";
import type { Claim, Closure } from "./graph.ts";
import { ImagePaths } from "./image-paths.ts";
import { ImageTree } from "./image-tree.ts";
import { Includer } from "./include.ts";
import { LibraryLoader } from "./loader/load-program.ts";
import { LoaderCache } from "./loader-cache.ts";
import { imageMemory, openMemories } from "./memories.ts";
import type { Reason } from "./references.ts";
import { claimLayout, claimPlacement } from "./roots/claim-placements.ts";
import type { NamedObject } from "./roots/contents.ts";
import { claimKernel, refuseOtherMachines } from "./roots/kernel-roots.ts";
import { layerRoots } from "./roots/layer-roots.ts";
import type { Placement } from "./roots/place.ts";
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
  kernels: LayerKernels = [],
  memory: InputMemory = NO_MEMORY,
): Closure {
  const closer = new Closer(spec, trees, tell, memory);
  for (const layer of spec.layers.keys()) closer.closeLayer(layer, kernels[layer] ?? null);
  const claims = closer.judge();
  const store = closer.closeStore(trees, storeReferences, tell);
  return closer.finish([...claims, ...store]);
}

/** What the kernel of each layer brings; null: the layer has none. */
export type LayerKernels = readonly (KernelContents | null)[];

class Closer {
  readonly #spec: Spec;
  readonly #trees: SourceTrees;
  readonly #tree: ImageTree;
  readonly #closing: Closing;
  readonly #includer: Includer;
  #tools: ScannerTools;
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
    const known = imageMemory(this.#tree, openMemories(trees, memory));
    this.#scanner = new FileScanner(this.#tree, tell, known);
    this.#loaderCache = new LoaderCache(spec.loaderCache);
    this.#tools = this.#newTools();
    const { paths } = this.#tools;
    this.#closing = new Closing(paths, this.#tree, this.#scanner, new Allowances(spec.allow));
    this.#includer = new Includer(this.#closing);
  }

  /** What they know of paths holds until more is placed. */
  #newTools(): ScannerTools {
    const { libraryPath, dlopen, hwcaps, loaderCache } = this.#spec;
    const paths = new ImagePaths(this.#tree);
    const kindOf = (path: TargetPath) => this.#scanner.kindOf(path);
    const loader = new LibraryLoader({ paths, kindOf, libraryPath, dlopen, hwcaps, loaderCache });
    return { loader, paths };
  }

  /** A layer sees what it places itself and what earlier ones hold: nothing in it depends on those above. */
  closeLayer(number: number, kernel: KernelContents | null): void {
    const closing = this.#closing;
    const { problems } = closing;
    const layer = this.#spec.layers[number]!;
    for (const object of this.#place(number)) problems.attempt(() => this.#includeObject(object));
    if (kernel !== null) claimKernel(kernel, layer, closing, this.#includer);
    for (let file = closing.nextFile(); file; file = closing.nextFile()) {
      const next = file;
      problems.attempt(() => this.#scan(next));
    }
    if (kernel !== null) refuseOtherMachines(kernel, this.#spec.arch, closing);
    this.#loaderCache.claim(closing, this.#tools.loader.profiles, (path) => this.#scanner.kindOf(path));
  }

  /** When all layers are in. */
  judge(): readonly Claim[] {
    const closing = this.#closing;
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
    const roots = this.#closing.storeRoots;
    if (roots.length === 0) return [];
    const request = { tree, directory: this.#spec.store.directory, roots, source, tell };
    return this.#closing.problems.attempt(() => closeStore(request, this.#closing.graph)) ?? [];
  }

  finish(claims: readonly Claim[]): Closure {
    const { problems, graph: references, machine, warnings } = this.#closing;
    for (const problem of this.#closing.unusedAllowances()) problems.add(problem);
    problems.throwIfAny();
    const contentOf = contentReader(this.#trees);
    return { references, claims, renamed: new Map(), machine, warnings, contentOf };
  }

  /** Puts everything that a layer places into the image's tree, then claims it; gives what is left to look up. */
  #place(layer: number): readonly NamedObject[] {
    const { graph, problems } = this.#closing;
    const { sysroot, store, host } = this.#trees;
    const resolvers = {
      sysroot: new PathResolver(sysroot),
      store: new PathResolver(store),
      host: new PathResolver(host),
    };
    const { named, placed } = layerRoots(this.#spec, layer, resolvers, graph, problems);
    for (const placement of placed) {
      this.#tree.place(placement.path, placement);
      this.#scanner.forget(placement.path);
      this.#placements.set(placement.path, placement);
    }
    if (layer > 0) this.#tools = this.#newTools();
    this.#closing.enterLayer(layer, this.#tools.paths);
    if (layer === 0 && this.#spec.layout === "make-initrd") claimLayout(this.#closing);
    for (const placement of placed)
      problems.attempt(() => claimPlacement(placement, this.#closing, this.#includer));
    return named;
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
