/**
 * The second stage: from a recipe to the closure of all that it asks for. Roots go in; each file is scanned
 * once; what it refers to goes in as well, until nothing is new.
 */
import { isOfArch } from "../core/arch.ts";
import type { Entry } from "../core/entry.ts";
import { showPath, type TargetPath } from "../core/path.ts";
import type { Progress } from "../core/ports.ts";
import type { Chain, GraphProblem } from "../core/problems/graph.ts";
import { showPlace } from "../core/span.ts";
import type { ElfFile } from "../formats/elf.ts";
import type { Spec } from "../spec/spec.ts";
import { Allowances } from "./allowances.ts";
import { because, Closing } from "./closing.ts";
import type { FileToScan, Finding } from "./findings.ts";
import type { Closure } from "./graph.ts";
import { ImagePaths } from "./image-paths.ts";
import { ImageTree } from "./image-tree.ts";
import { Includer } from "./include.ts";
import { LibraryLoader } from "./loader/load-program.ts";
import { type NodeId, recipeNode } from "./references.ts";
import { PathResolver } from "./resolve-path.ts";
import { contentsRoots, type NamedObject, type ObjectTrees, sourceOrigin } from "./roots/contents.ts";
import { type Placement, placeFile } from "./roots/place.ts";
import { type FileKind, FileScanner } from "./scan-file.ts";
import { nameMachine, scanElf } from "./scanners/elf.ts";
import { scanScript } from "./scanners/script.ts";
import { closeStore } from "./store/close-store.ts";
import type { ReferenceSource } from "./store/reference-source.ts";
import type { SourceTrees } from "./trees.ts";

/** Throws BuildFailure with every hole and every file that is not what it should be. */
export function closeReferences(
  spec: Spec,
  trees: SourceTrees,
  storeReferences: ReferenceSource,
  tell: Progress,
): Closure {
  return new Closer(spec, trees, storeReferences, tell).close();
}

class Closer {
  readonly #spec: Spec;
  readonly #storeReferences: ReferenceSource;
  readonly #tell: Progress;
  readonly #trees: ObjectTrees;
  readonly #tree: ImageTree;
  readonly #closing: Closing;
  readonly #includer: Includer;
  readonly #loader: LibraryLoader;
  readonly #placements = new Map<TargetPath, Placement>();

  constructor(spec: Spec, trees: SourceTrees, storeReferences: ReferenceSource, tell: Progress) {
    this.#spec = spec;
    this.#storeReferences = storeReferences;
    this.#tell = tell;
    this.#trees = {
      sysroot: new PathResolver(trees.sysroot),
      store: new PathResolver(trees.store),
      host: new PathResolver(trees.host),
    };
    this.#tree = new ImageTree(trees.sysroot, { directory: spec.store.directory, tree: trees.store });
    const scanner = new FileScanner(this.#tree, tell);
    const paths = new ImagePaths(this.#tree);
    this.#closing = new Closing(paths, this.#tree, scanner, new Allowances(spec.allow));
    this.#includer = new Includer(this.#closing);
    const kindOf = (path: TargetPath): FileKind => scanner.kindOf(path);
    this.#loader = new LibraryLoader({ paths, kindOf, libraryPath: spec.libraryPath });
  }

  close(): Closure {
    const named = this.#place();
    const closing = this.#closing;
    for (const object of named) closing.problems.attempt(() => this.#includeObject(object));
    for (let file = closing.nextFile(); file; file = closing.nextFile()) {
      const one = file;
      closing.problems.attempt(() => this.#scan(one));
    }
    const storeClaims = closing.problems.attempt(() => this.#closeStore()) ?? [];
    for (const problem of closing.unusedAllowances()) closing.problems.add(problem);
    closing.problems.throwIfAny();
    return {
      references: closing.graph,
      claims: [...closing.claims, ...storeClaims],
      machine: closing.machine,
    };
  }

  /** Puts everything that the recipe places into the image's tree, then claims it; gives what is left to look up. */
  #place(): NamedObject[] {
    const { problems } = this.#closing;
    const named: NamedObject[] = [];
    const placed: Placement[] = [];
    this.#spec.contents.forEach((item, index) => {
      const by = this.#addRecipeNode(`contents/${index}`, item.at);
      const roots = problems.attempt(() => contentsRoots(item, by, this.#spec, this.#trees));
      named.push(...(roots?.named ?? []));
      placed.push(...(roots?.placed ?? []));
    });
    for (const item of this.#spec.files) {
      const by = this.#addRecipeNode(`files/${item.target}`, item.at);
      const { content } = item;
      const placements = problems.attempt(() => {
        const source =
          content.kind === "source" ? sourceOrigin(content.source, by, item.at, this.#trees) : null;
        return placeFile(item, by, source);
      });
      placed.push(...(placements ?? []));
    }
    const settled = this.#settle(placed);
    for (const placement of settled) {
      this.#tree.place(placement.path, placement);
      this.#placements.set(placement.path, placement);
    }
    if (this.#spec.layout === "make-initrd") this.#claimLayout();
    for (const placement of settled) problems.attempt(() => this.#claimPlacement(placement));
    return named;
  }

  /**
   * Where the image takes programs from the sysroot, it takes its layout too: what the recipe places below
   * /bin goes where the sysroot's /bin leads. An image of store paths alone knows nothing of that layout.
   */
  #settle(placed: readonly Placement[]): Placement[] {
    const { sysroot } = this.#trees;
    if (!this.#spec.contents.some((item) => item.object.in === "sysroot")) return [...placed];
    return placed.map((placement) => {
      const { path, links } = sysroot.resolveParent(placement.path);
      if (links.length === 0) return placement;
      this.#includer.includeLayout(links, placement.by);
      return { ...placement, path };
    });
  }

  #addRecipeNode(place: string, at: Placement["at"]): NodeId {
    const id = recipeNode(place);
    this.#closing.graph.addNode(id, { kind: "recipe", at, label: place });
    return id;
  }

  /** As make-initrd.sh begins: /dev, /proc and /sys, empty. */
  #claimLayout(): void {
    const by = recipeNode("layout");
    this.#closing.graph.addNode(by, { kind: "recipe", at: null, label: "layout: make-initrd" });
    for (const name of ["dev", "proc", "sys"] as TargetPath[]) {
      this.#closing.claim({ kind: "directory", path: name, mode: 0o755, uid: 0, gid: 0 }, by, null, true);
    }
  }

  #claimPlacement(placement: Placement): void {
    const { path, facts, by, at } = placement;
    const node = this.#closing.addFileNode(path);
    this.#closing.addEdge(because(by, "named"), node);
    this.#closing.claim(this.#entryOf(placement), node, at, placement.isImplied);
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
    const second = {
      what: `a ${placed.facts.kind} that the recipe places there`,
      origin: showPlace(placed.at),
    };
    this.#closing.problems.add({ code: "plan/conflict", path, first, second });
  }

  #scan(file: FileToScan): void {
    for (const finding of this.#findingsIn(file)) {
      if (finding.kind === "hole") {
        this.#closing.report(finding);
        continue;
      }
      const { by, to, reason, says, found, tried } = finding;
      this.#includer.include(to, { by: this.#closing.nodeOf(by), reason, says, found, tried });
    }
  }

  #findingsIn(file: FileToScan): Finding[] {
    const { content } = file.scanned;
    switch (content.kind) {
      case "elf":
        this.#checkMachine(file, content.elf);
        return scanElf(file, content.elf, this.#loader, this.#tree.label);
      case "script":
        return scanScript(file, content.shebang, this.#closing.paths);
      case "broken-elf":
        return brokenElf(file, content.why);
      case "plain":
        return [];
    }
  }

  /** Firmware may be ELF for another processor: what counts is what the kernel or the loader would run. */
  #checkMachine(file: FileToScan, elf: ElfFile): void {
    const isRun = (file.mode & 0o111) !== 0 || elf.isDynamic;
    if (!isRun) return;
    this.#closing.machine ??= elf.machine;
    const { arch } = this.#spec;
    if (arch === null || isOfArch(elf.machine, arch)) return;
    this.#closing.problems.add({
      code: "graph/wrong-arch",
      path: file.path,
      chain: this.#closing.chainOf(this.#closing.nodeOf(file.path)),
      expected: arch.name,
      found: nameMachine(elf.machine),
    });
  }

  #closeStore(): Closure["claims"] {
    const roots = [...this.#closing.storeRoots].map(([name, by]) => ({ name, by }));
    if (roots.length === 0) return [];
    const { directory } = this.#spec.store;
    const request = {
      tree: this.#trees.store.tree,
      directory,
      roots,
      source: this.#storeReferences,
      tell: this.#tell,
    };
    return closeStore(request, this.#closing.graph);
  }
}

/** A damaged ELF file matters where something would run it; elsewhere it is data. */
function brokenElf({ path, mode }: FileToScan, why: string): Finding[] {
  if ((mode & 0o111) === 0) return [];
  const problem = (chain: Chain): GraphProblem => ({ code: "graph/bad-file", path, chain, why });
  return [{ kind: "hole", by: path, names: [showPath(path)], problem }];
}
