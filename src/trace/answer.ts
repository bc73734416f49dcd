/** What `why` answers of one word: every entry that it stands for, with its chain. */
import type { TargetPath } from "../core/path.ts";
import type { ReferenceTable } from "../graph/reference-table.ts";
import type { LinkMet } from "../trees/resolve-path.ts";
import type { AskedName } from "./asked-name.ts";
import { type BesideEntries, besideNamed } from "./beside.ts";
import { type ExplainedChain, Explainer, type IndependentChains } from "./explain-entry.ts";
import { type FindAlias, NamedEntries, type NamedEntry } from "./find-named.ts";
import type { TracedEntry, TracedImage } from "./traced-image.ts";

export interface Answer {
  readonly asked: AskedName;
  /** At most `MOST_ENTRIES`. */
  readonly entries: readonly ExplainedEntry[];
  /** How many more it stands for. */
  readonly others: number;
  readonly beside: BesideEntries;
}

export interface ExplainedEntry {
  readonly entry: TracedEntry;
  /** Null: the image has but one. */
  readonly layer: string | null;
  /** The symlinks in the middle of the path that was asked for. */
  readonly links: readonly LinkMet[];
  /** Null: nothing in the graph leads there. */
  readonly chain: ExplainedChain | null;
  /** Null: nobody asked for all of them. */
  readonly all: IndependentChains | null;
}

/** Of one word so many are explained, and of one entry so many chains are looked for. */
const MOST_ENTRIES = 1000;
const MOST_CHAINS = 100;

export class Answers {
  readonly named: NamedEntries;
  readonly explainer: Explainer;
  readonly #beside: BesideEntries;
  readonly #image: TracedImage;

  constructor(image: TracedImage, beside: BesideEntries, findAlias: FindAlias) {
    this.#image = image;
    this.named = new NamedEntries(image, findAlias);
    this.explainer = new Explainer(image, this.named.tree);
    this.#beside = beside;
  }

  get graph(): ReferenceTable {
    return this.#image.references;
  }

  /** Null: nothing in the image is called so. */
  answer(asked: AskedName, chains: "shortest" | "all"): Answer | null {
    const found = this.named.find(asked);
    const beside = besideNamed(this.#beside, asked);
    if (found.length + beside.secrets.length + beside.archives.length === 0) return null;
    const entries = found.slice(0, MOST_ENTRIES).map((one) => this.explain(one, chains));
    return { asked, entries, others: found.length - entries.length, beside };
  }

  explain({ entry, links }: NamedEntry, chains: "shortest" | "all"): ExplainedEntry {
    const all = chains === "all" ? this.explainer.explainAll(entry, MOST_CHAINS) : null;
    const layer = this.#image.layers.length === 1 ? null : this.#image.layers[entry.layer]!.name;
    return { entry, layer, links, chain: this.explainer.explain(entry), all };
  }

  /** Of some paths that are in the image: the chains that lead to them, those with the same way up to them together. */
  explainTogether(paths: readonly TargetPath[]): EntryGroup[] {
    const together = new Set<TargetPath>(paths);
    const groups = new Map<string, { way: ExplainedChain; paths: TargetPath[] }>();
    for (const path of paths) {
      const entry = this.named.tree.entryAt(path);
      const chain = entry === null ? null : this.explainer.explain(entry);
      if (chain === null) continue;
      const first = chain.steps.findIndex((step) => together.has(step.path));
      const steps = first === -1 ? chain.steps : chain.steps.slice(0, first + 1);
      // One line may name many of them, and one file refer to many: the way up to them counts.
      const key = JSON.stringify([chain.line.label, steps.slice(0, -1).map((step) => step.path)]);
      const group = groups.get(key) ?? { way: { line: chain.line, steps }, paths: [] };
      group.paths.push(path);
      groups.set(key, group);
    }
    return [...groups.values()];
  }
}

export interface EntryGroup {
  /** From the recipe to the first of the paths; to the others it is the same but for the last step. */
  readonly way: ExplainedChain;
  readonly paths: readonly TargetPath[];
}
