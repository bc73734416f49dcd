/** Drafts of a recipe tried out: each is written, decided as a build decides it, and mended by what that showed. */
import type { AdoptedItem } from "../../adopt/adopted-item.ts";
import type { Draft } from "../../adopt/draft.ts";
import { asKernel, isIndex, withOwnIndexes } from "../../adopt/kernel-draft.ts";
import { recipeText } from "../../adopt/recipe-text.ts";
import {
  type Decided,
  differencesFrom,
  packedPaths,
  type Surplus,
  settleEntries,
  settleProblems,
} from "../../adopt/settle.ts";
import { byteString, decodeUtf8, type TargetPath } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import type { TreeItem } from "../../inspect/tree-items.ts";
import { finalEntries } from "../../plan/entries.ts";
import type { Terminal } from "../terminal.ts";
import { alone, type OpenAdopted } from "./adopted-image.ts";
import { decideUntouched } from "./decide-untouched.ts";
import { PACKED, RECIPE, type RecipeDirectory } from "./recipe-directory.ts";

export interface AdoptOrder {
  readonly sysroot: string;
  readonly comments: readonly string[];
  readonly head: readonly (readonly [key: string, value: string])[];
  /** Archives in front, but for the packed one. */
  readonly prepend: readonly string[];
}

/** How a draft is named in its recipe. */
export interface Naming {
  readonly draft: Draft;
  readonly objects: readonly TargetPath[];
  /** Symlinks of the layout that need no name. */
  readonly met: ReadonlySet<TargetPath>;
}

export const NOTHING: ReadonlySet<TargetPath> = new Set();

/** Each step takes what it found out of the way; what is still there after so many is told. */
const MOST_STEPS = 12;
/** A text that is longer, or of more lines, is a file of its own. */
const LONGEST_TEXT = 200;
const MOST_LINES = 4;

export interface Settled {
  readonly draft: Draft;
  /** What comes besides, and could not be kept away. */
  readonly surplus: readonly Surplus[];
  readonly decided: Decided;
}

export class Adoption {
  readonly #order: AdoptOrder;
  readonly #open: OpenAdopted;
  readonly #directory: RecipeDirectory;
  readonly #terminal: Terminal;
  readonly #items: ReadonlyMap<TargetPath, AdoptedItem>;
  readonly #texts = new Map<TargetPath, string>();

  constructor(order: AdoptOrder, open: OpenAdopted, directory: RecipeDirectory, terminal: Terminal) {
    this.#order = order;
    this.#open = open;
    this.#directory = directory;
    this.#terminal = terminal;
    this.#items = new Map(open.items.map((item) => [item.path, item]));
  }

  async settle(first: Draft): Promise<Settled> {
    let draft = first;
    for (let step = 0; ; step++) {
      const naming = { draft, objects: allObjects(draft), met: NOTHING };
      const decided = await this.decideOr(naming, (failure) => {
        const mended = settleProblems(draft, failure.problems);
        if (mended === null || step >= MOST_STEPS) throw failure;
        draft = mended;
      });
      if (decided === null) continue;
      const next = settleEntries(draft, this.#open.items, decided);
      if (next.draft === draft || step >= MOST_STEPS) return { draft, decided, surplus: next.surplus };
      draft = next.draft;
    }
  }

  /** The same with the modules named by the kernel, where that gives the same tree. */
  async withKernel(settled: Settled): Promise<Settled> {
    let draft = asKernel(settled.draft);
    for (let step = 0; draft !== null && step < 2; step++) {
      const decided = await this.decide({ draft, objects: allObjects(draft), met: NOTHING });
      if (decided === null) return settled;
      if (this.isAsGood(draft, decided, settled)) return { ...settled, draft, decided };
      const wrong = differencesFrom(draft, this.#open.items, decided);
      const indexes = wrong
        .map(({ path }) => path)
        .filter((path) => isIndex(path) && settled.draft.ways.has(path));
      draft = withOwnIndexes(draft, indexes);
    }
    return settled;
  }

  /** Whether a draft's tree is no further from the image than that of a settled one. */
  isAsGood(draft: Draft, decided: Decided, { draft: before, decided: known }: Settled): boolean {
    const { items } = this.#open;
    return differencesFrom(draft, items, decided).length <= differencesFrom(before, items, known).length;
  }

  /** Null: it has problems. */
  decide(naming: Naming): Promise<Decided | null> {
    return this.decideOr(naming, () => {});
  }

  /** What a build would decide of the draft's recipe, which is left in the directory. */
  async decideOr(naming: Naming, onFailure: (failure: BuildFailure) => void): Promise<Decided | null> {
    await this.#write(naming);
    const order = {
      recipe: decodeUtf8(this.#directory.at(RECIPE)) ?? "",
      sysroot: null,
      compressor: "none",
      kernel: null,
      variables: new Map(),
      cache: "nowhere",
      verb: "initgraph import",
    } as const;
    try {
      return await decideUntouched(order, this.#terminal, ({ decision }) => {
        const { plan } = decision;
        const entries = [...finalEntries(plan)].map(({ entry }) => entry);
        return { entries, references: plan.references };
      });
    } catch (error) {
      if (!(error instanceof BuildFailure)) throw error;
      onFailure(error);
      return null;
    }
  }

  async #write({ draft, objects, met }: Naming): Promise<void> {
    const { unpacked, inImage, items } = this.#open;
    const own = inImage.filter(({ path, node }) => node.kind === "file" && draft.ways.get(path) === "own");
    await this.#readTexts(own.filter(({ path }) => !this.#texts.has(path)));
    await this.#directory.writeFiles(
      unpacked,
      own.filter(({ path }) => this.#textOf(path) === null),
    );
    const packed = packedPaths(draft);
    const inArchive = items.filter(({ path }) => packed.has(path));
    if (inArchive.length > 0) await this.#directory.writePacked(unpacked, inImage, inArchive);
    const text = recipeText(draft, {
      comments: this.#order.comments,
      head: [...this.#order.head, ...storeHead(draft)],
      prepend: [...this.#order.prepend, ...(inArchive.length > 0 ? [`./${PACKED}`] : [])],
      objects,
      met,
      items: this.#items,
      textOf: (path) => this.#textOf(path),
      sourceOf: (path) => this.#directory.sourceOf(path),
    });
    this.#directory.writeText(RECIPE, text);
  }

  /** Small texts stand in the recipe. */
  async #readTexts(files: readonly TreeItem[]): Promise<void> {
    const small = files.filter(({ node }) => node.size <= LONGEST_TEXT);
    const texts = new Map<TreeItem["node"], string>();
    const onePerFile = new Map(small.map((item) => [item.node, alone(item)]));
    let pieces: Uint8Array[] = [];
    let node: TreeItem["node"] | null = null;
    await this.#open.unpacked.readData([...onePerFile.values()], {
      begin: (item) => {
        node = item.node;
        pieces = [];
      },
      data: (piece) => pieces.push(Uint8Array.from(piece)),
      end: () => {
        const text = decodeUtf8(byteString(Buffer.concat(pieces)));
        if (text !== null && isPlainText(text)) texts.set(node!, text);
      },
      pause: () => Promise.resolve(),
    });
    for (const item of small) {
      const text = item.node.data === null ? "" : texts.get(item.node);
      if (text !== undefined) this.#texts.set(item.path, text);
    }
  }

  #textOf(path: TargetPath): string | null {
    return this.#texts.get(path) ?? null;
  }
}

function isPlainText(text: string): boolean {
  return !/[^\n\t\u0020-\u007e\u00a0-\uffff]/.test(text) && text.split("\n").length <= MOST_LINES + 1;
}

function storeHead({ store, ways }: Draft): [string, string][] {
  const hasStore = [...ways].some(([path, way]) => way === "object" && path.startsWith("nix/store/"));
  return store === "files" && hasStore ? [["store", "files"]] : [];
}

export function allObjects({ ways }: Draft): TargetPath[] {
  return [...ways].flatMap(([path, way]) => (way === "object" ? [path] : []));
}
