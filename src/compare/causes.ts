/**
 * Why one of two images has what the other has not: on the shortest way from the recipe to an entry, the first reference
 * that the other's graph lacks. What came in by the same reference stands together.
 */
import type { TargetPath } from "../core/path.ts";
import type { ReferenceTable, TableReference } from "../graph/reference-table.ts";
import type { GraphNode } from "../graph/references.ts";
import type { TracedImage } from "../trace/traced-image.ts";
import { type Fold, foldText } from "./fold.ts";
import type { SideEntry } from "./side.ts";

export type Cause =
  /** The other has no such reference. */
  | {
      readonly kind: "reference";
      readonly from: GraphNode;
      readonly to: GraphNode;
      readonly reference: TableReference;
    }
  /** It stands in both, and leads elsewhere there. */
  | {
      readonly kind: "moved";
      readonly from: GraphNode;
      readonly to: GraphNode;
      readonly elsewhere: GraphNode;
      readonly reference: TableReference;
    }
  /** A directory or store path that came whole both times has it now. */
  | { readonly kind: "tree"; readonly path: TargetPath }
  /** A directory that only came with what lies below it. */
  | { readonly kind: "parent" }
  /** No graph tells. */
  | { readonly kind: "unknown" };

export interface Caused {
  readonly cause: Cause;
  readonly entries: readonly SideEntry[];
}

export interface CauseSearch {
  /** The image that has the entries, and the other; null: nobody knows its graph. */
  readonly own: TracedImage | null;
  readonly other: TracedImage | null;
  readonly folds: { readonly own: Fold; readonly other: Fold };
  readonly isFolded: boolean;
}

/** In the order of their first entries. */
export function groupByCause(entries: readonly SideEntry[], search: CauseSearch): Caused[] {
  const causeOf = causesFor(search);
  const groups = new Map<Cause, SideEntry[]>();
  for (const entry of entries) {
    const cause = causeOf(entry.path);
    const known = groups.get(cause);
    if (known === undefined) groups.set(cause, [entry]);
    else known.push(entry);
  }
  return [...groups].map(([cause, own]) => ({ cause, entries: own }));
}

const UNKNOWN: Cause = { kind: "unknown" };
const PARENT: Cause = { kind: "parent" };

/** One value for a cause, however many entries it has. */
function causesFor({ own, other, folds, isFolded }: CauseSearch): (path: TargetPath) => Cause {
  if (own === null || other === null) return () => UNKNOWN;
  const text = isFolded ? (says: string) => foldText(says as never) : (says: string) => says;
  const keys = keysOf(own.references, { fold: folds.own, text });
  const theirs = keysOf(other.references, { fold: folds.other, text });
  const known = new Set(theirs.map(({ whole }) => whole));
  const elsewhere = new Map(theirs.map(({ beginning }, number) => [beginning, number]));
  const nodeOf = new Map(own.entries.filter(isSeen).map(({ path, node }) => [path, node]));
  const firstNew = firstNewReferences(own.references, (number) => !known.has(keys[number]!.whole));
  const causes = new Map<number | string, Cause>();
  const causeBy = (node: number): Cause => {
    const number = firstNew[node] ?? null;
    if (number === null) return unchangedCause(own.references, node);
    const { beginning } = keys[number]!;
    const there = beginning === "" ? undefined : elsewhere.get(beginning);
    return newCause(own.references, number, there === undefined ? null : endOf(other.references, there));
  };
  return (path) => {
    const node = nodeOf.get(path);
    if (node === undefined) return UNKNOWN;
    if (node === null) return PARENT;
    const key = firstNew[node] ?? `of ${node}`;
    const cause = causes.get(key) ?? causeBy(node);
    causes.set(key, cause);
    return cause;
  };
}

function isSeen({ overriddenBy }: TracedImage["entries"][number]): boolean {
  return overriddenBy === null;
}

/** Nothing on the way there is new. */
function unchangedCause({ nodes }: ReferenceTable, at: number): Cause {
  const { node } = nodes[at]!;
  return node.kind === "tree" ? { kind: "tree", path: node.path } : UNKNOWN;
}

function newCause({ nodes, references }: ReferenceTable, number: number, elsewhere: GraphNode | null): Cause {
  const reference = references[number]!;
  const ends = { from: nodes[reference.from]!.node, to: nodes[reference.to]!.node };
  return elsewhere === null
    ? { kind: "reference", ...ends, reference }
    : { kind: "moved", ...ends, elsewhere, reference };
}

function endOf({ nodes, references }: ReferenceTable, number: number): GraphNode {
  return nodes[references[number]!.to]!.node;
}

/** Of each node: the number of the first reference on the shortest way to it that is new; null: none is, or there is no way. */
function firstNewReferences(
  { nodes, references }: ReferenceTable,
  isNew: (reference: number) => boolean,
): (number | null)[] {
  const outgoing: number[][] = nodes.map(() => []);
  for (const [number, { from }] of references.entries()) outgoing[from]!.push(number);
  const firstNew: (number | null)[] = nodes.map(() => null);
  const starts = nodes.flatMap(({ node }, number) => (node.kind === "recipe" ? [number] : []));
  // A set keeps the order of insertion, also while it grows: it is the queue and what was seen.
  const reached = new Set<number>(starts);
  for (const from of reached) {
    for (const number of outgoing[from]!) {
      const { to } = references[number]!;
      if (reached.has(to)) continue;
      reached.add(to);
      firstNew[to] = firstNew[from] ?? (isNew(number) ? number : null);
    }
  }
  return firstNew;
}

interface Naming {
  readonly fold: Fold;
  readonly text: (says: string) => string;
}

interface ReferenceKey {
  /** Who says what, wherever it leads; empty of what says nothing. */
  readonly beginning: string;
  readonly whole: string;
}

/** Lines of a recipe move: all of them count as one. */
function keysOf({ nodes, references }: ReferenceTable, { fold, text }: Naming): ReferenceKey[] {
  const names = nodes.map(({ node }) => (node.kind === "recipe" ? "" : fold(node.path)));
  return references.map(({ from, to, reason, says }) => {
    const beginning = says === "" ? "" : [names[from], reason, text(says)].join("\0");
    return { beginning, whole: [names[from], reason, text(says), names[to]].join("\0") };
  });
}
