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
  const known = new Set(keysOf(other.references, { fold: folds.other, text }));
  const keys = keysOf(own.references, { fold: folds.own, text });
  const nodeOf = new Map(own.entries.filter(isSeen).map(({ path, node }) => [path, node]));
  const firstNew = firstNewReferences(own.references, (reference) => !known.has(keys[reference]!));
  const causes = new Map<number | string, Cause>();
  return (path) => {
    const node = nodeOf.get(path);
    if (node === undefined) return UNKNOWN;
    if (node === null) return PARENT;
    const reference = firstNew[node] ?? null;
    const key = reference ?? `of ${node}`;
    const cause = causes.get(key) ?? causeBy(own.references, node, reference);
    causes.set(key, cause);
    return cause;
  };
}

function isSeen({ overriddenBy }: TracedImage["entries"][number]): boolean {
  return overriddenBy === null;
}

function causeBy({ nodes, references }: ReferenceTable, at: number, number: number | null): Cause {
  if (number === null) {
    const { node } = nodes[at]!;
    return node.kind === "tree" ? { kind: "tree", path: node.path } : UNKNOWN;
  }
  const reference = references[number]!;
  return { kind: "reference", from: nodes[reference.from]!.node, to: nodes[reference.to]!.node, reference };
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

/** Lines of a recipe move: all of them count as one. */
function keysOf({ nodes, references }: ReferenceTable, { fold, text }: Naming): string[] {
  const names = nodes.map(({ node }) => (node.kind === "recipe" ? "" : fold(node.path)));
  return references.map(({ from, to, reason, says }) =>
    [names[from], names[to], reason, text(says)].join("\0"),
  );
}
