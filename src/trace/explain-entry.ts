/** Why an entry is in an image: a chain from a line of the recipe, step by step, with what was said and tried at each. */
import { isInside, ROOT, showBytes, type TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { TableReference } from "../graph/reference-table.ts";
import type { Reason } from "../graph/references.ts";
import { distancesFromLines, linesTo, type ReferenceChain, shortestChain } from "./chains.ts";
import { disjointChains } from "./disjoint-chains.ts";
import { isLine, type LinkedReferences, linkReferences } from "./linked-references.ts";
import type { TracedEntry, TracedImage } from "./traced-image.ts";
import type { TracedTree } from "./traced-tree.ts";

export interface ExplainedChain {
  readonly line: RecipeLine;
  readonly steps: readonly ChainStep[];
}

/** A line of the recipe. `at: null`: it is no line of its own; `label` says what. */
export interface RecipeLine {
  readonly at: Span | null;
  readonly label: string;
}

export interface ChainStep {
  readonly reason: StepReason;
  readonly path: TargetPath;
  readonly says: string;
  readonly found: string;
  readonly tried: readonly string[];
}

/** `through`: a symlink in the middle of a path; `parent`: a directory above what is wanted. */
export type StepReason = Reason | "through" | "parent";

export interface IndependentChains {
  readonly chains: readonly ExplainedChain[];
  /** Whether there are no more. */
  readonly areAll: boolean;
  /** All lines of the recipe that lead there: it is gone when all of them are. */
  readonly lines: readonly RecipeLine[];
}

export class Explainer {
  readonly #image: TracedImage;
  readonly #tree: TracedTree;
  readonly #graph: LinkedReferences;
  readonly #numbers: ReadonlyMap<string, number>;
  #distances: readonly number[] | null = null;

  constructor(image: TracedImage, tree: TracedTree) {
    this.#image = image;
    this.#tree = tree;
    this.#graph = linkReferences(image.references);
    this.#numbers = new Map(image.references.nodes.map(({ id }, number) => [id, number]));
  }

  /** The shortest chain, from a line of the entry's own layer where one leads there. Null: nothing in the graph does. */
  explain(entry: TracedEntry): ExplainedChain | null {
    const { nodes, below } = this.#nodesOf(entry);
    const isOwn = this.#isLineOf(entry);
    const chain = shortestChain(this.#graph, nodes, isOwn) ?? shortestChain(this.#graph, nodes);
    if (chain === null) return null;
    return this.#explained(chain, nodes, below, entry);
  }

  /** Chains that share nothing with one another, at most `most`. */
  explainAll(entry: TracedEntry, most: number): IndependentChains {
    const { nodes, below } = this.#nodesOf(entry);
    const own = nodes.filter((node) => isLine(this.#graph, node));
    const { chains, areAll } = disjointChains(this.#graph, nodes, most);
    return {
      chains: [...own.map(() => [] as ReferenceChain), ...chains].map((chain) =>
        this.#explained(chain, nodes, below, entry),
      ),
      areAll,
      lines: linesTo(this.#graph, nodes).map((node) => this.#lineAt(node)),
    };
  }

  /** The nodes that stand for an entry, and where it only lies above them, the path that it is there for. */
  #nodesOf(entry: TracedEntry): { nodes: number[]; below: TargetPath | null } {
    const own = this.#numbers.get(`file:${entry.original}`) ?? null;
    const by = entry.node;
    if (by === null) return this.#firstBelow(entry.path);
    const { node } = this.#graph.nodes[by]!;
    const isParent =
      entry.kind === "directory" &&
      own === null &&
      node.kind !== "recipe" &&
      node.path !== entry.original &&
      isInside(node.path, entry.original);
    if (isParent) return this.#firstBelow(entry.path);
    return { nodes: own === null || own === by ? [by] : [by, own], below: null };
  }

  /** Of all that lies below a directory what is nearest to the recipe, in byte order. */
  #firstBelow(directory: TargetPath): { nodes: number[]; below: TargetPath | null } {
    this.#distances ??= distancesFromLines(this.#graph);
    let best: { node: number; path: TargetPath; distance: number } | null = null;
    for (const path of this.#tree.below(directory)) {
      const entry = this.#tree.entryAt(path);
      const node = entry?.node ?? null;
      if (entry === null || node === null || (entry.kind === "directory" && !this.#isItsOwn(entry))) continue;
      const distance = this.#distances[node]!;
      const isBetter =
        best === null || distance < best.distance || (distance === best.distance && path < best.path);
      if (isBetter) best = { node, path, distance };
    }
    return best === null ? { nodes: [], below: null } : { nodes: [best.node], below: best.path };
  }

  /** A directory that somebody asked for, not for what lies below it. */
  #isItsOwn({ original, node }: TracedEntry): boolean {
    const by = node === null ? null : this.#graph.nodes[node]!.node;
    return by !== null && by.kind !== "recipe" && by.path === original;
  }

  /** Lines of a layer that has a name of its own begin with it; of an image cut by itself no line belongs to a layer. */
  #isLineOf({ layer }: TracedEntry): (node: number) => boolean {
    const prefix = `recipe:layers/${this.#image.layers[layer]!.name}/`;
    const isLast = layer === this.#image.layers.length - 1;
    return (node) => {
      const { id } = this.#graph.nodes[node]!;
      const isOwn = id.startsWith(prefix) || (isLast && !id.startsWith("recipe:layers/"));
      return isOwn && isLine(this.#graph, node);
    };
  }

  #explained(
    chain: ReferenceChain,
    nodes: readonly number[],
    below: TargetPath | null,
    entry: TracedEntry,
  ): ExplainedChain {
    const start = chain[0]?.from ?? nodes.find((node) => isLine(this.#graph, node))!;
    const steps = chain.map((reference) => this.#stepOf(reference));
    const last = steps.at(-1)?.path ?? null;
    if (below !== null) {
      const inside = last === below || last === null ? [] : [plainStep("copied", below)];
      return { line: this.#lineAt(start), steps: [...steps, ...inside, plainStep("parent", entry.path)] };
    }
    if (last === entry.path || last === entry.original) return { line: this.#lineAt(start), steps };
    return {
      line: this.#lineAt(start),
      steps: [...steps, plainStep(last === null ? "named" : "copied", entry.path)],
    };
  }

  #stepOf({ from, to, reason, says, found, tried }: TableReference): ChainStep {
    const path = pathOf(this.#graph.nodes[to]!.node);
    const isThrough = reason === "symlink" && !this.#leadsOn(pathOf(this.#graph.nodes[from]!.node), says);
    return { reason: isThrough ? "through" : reason, path, says, found, tried };
  }

  /** Whether a symlink itself says so; else it is what somebody's path goes through. */
  #leadsOn(path: TargetPath, says: string): boolean {
    const to = this.#tree.entryAt(path)?.to ?? null;
    return to !== null && showBytes(to) === says;
  }

  #lineAt(number: number): RecipeLine {
    const { node } = this.#graph.nodes[number]!;
    return node.kind === "recipe" ? { at: node.at, label: node.label } : { at: null, label: "" };
  }
}

function pathOf(node: LinkedReferences["nodes"][number]["node"]): TargetPath {
  return node.kind === "recipe" ? ROOT : node.path;
}

function plainStep(reason: StepReason, path: TargetPath): ChainStep {
  return { reason, path, says: "", found: "", tried: [] };
}
