/** Nodes in groups, each in one, and what leads from group to group. */

import type {
  DocumentBetween,
  DocumentGroup,
  DocumentGrouping,
  DocumentNode,
  GraphDocument,
  GroupBy,
} from "./graph-document.ts";
import { lineOwners, NOBODY, SHARED } from "./line-owners.ts";
import { type Links, linksOf } from "./links.ts";

/** The package that a node's file is of; null: of none that is known. */
export type PackageOf = (node: DocumentNode) => string | null;

export function groupNodes(document: GraphDocument, by: GroupBy, packageOf: PackageOf): GraphDocument {
  const links = linksOf(document);
  const nameOf = NAMERS[by]({ document, links, packageOf });
  const numbers = new Map<string, number>();
  const groupOf = document.nodes.map((node) => {
    const name = nameOf(node);
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
  const members: DocumentNode[][] = [...numbers].map(() => []);
  for (const node of document.nodes) members[groupOf[node.id]!]!.push(node);
  const groups = [...numbers.keys()].map(
    (name, id): DocumentGroup => ({
      id,
      name,
      nodes: members[id]!.map((node) => node.id),
      entries: members[id]!.reduce((sum, { entries }) => sum + entries, 0),
      bytes: members[id]!.reduce((sum, { bytes }) => sum + bytes, 0),
    }),
  );
  const grouping: DocumentGrouping = { by, groups, between: countBetween(document, groupOf) };
  return { ...document, grouping };
}

interface ToName {
  readonly document: GraphDocument;
  readonly links: Links;
  readonly packageOf: PackageOf;
}

type Namer = (node: DocumentNode) => string;

const LINES = "the recipe";

const NAMERS: Readonly<Record<GroupBy, (to: ToName) => Namer>> = {
  layer: ({ document, links }) => {
    const layerOf = (node: DocumentNode): string => {
      if (node.kind === "recipe") return LINES;
      const [first] = node.layers;
      return first === undefined ? "no layer" : `layer ${document.layers[first]}`;
    };
    return (node) => layerOf(wholeOf(node, { document, links }));
  },
  package: ({ document, links, packageOf }) => {
    return (node) => {
      if (node.kind === "recipe") return LINES;
      return packageOf(node) ?? packageOf(wholeOf(node, { document, links })) ?? "no package";
    };
  },
  "recipe-line": ({ document, links }) => {
    const owners = lineOwners(document, links);
    return ({ id }) => {
      const owner = owners[id]!;
      if (owner === SHARED) return "several lines";
      return owner === NOBODY ? "no line" : document.nodes[owner]!.label;
    };
  },
};

/** A part of a copied tree has no entry of its own: what holds for the tree holds for it. */
function wholeOf(node: DocumentNode, { document, links }: Pick<ToName, "document" | "links">): DocumentNode {
  const copied =
    node.entries > 0 ? undefined : links.into[node.id]!.find(({ reason }) => reason === "copied");
  return copied === undefined ? node : document.nodes[copied.from]!;
}

function countBetween({ references }: GraphDocument, groupOf: readonly number[]): DocumentBetween[] {
  const counts = new Map<number, Map<number, { references: number; reasons: Set<string> }>>();
  for (const reference of references) {
    const [from, to] = [groupOf[reference.from]!, groupOf[reference.to]!];
    if (from === to) continue;
    const row = counts.get(from) ?? new Map();
    const cell = row.get(to) ?? { references: 0, reasons: new Set<string>() };
    cell.references += 1;
    cell.reasons.add(reference.reason);
    counts.set(from, row.set(to, cell));
  }
  const rows = [...counts].sort(([a], [b]) => a - b);
  return rows.flatMap(([from, row]) =>
    [...row]
      .sort(([a], [b]) => a - b)
      .map(([to, cell]) => ({ from, to, references: cell.references, reasons: [...cell.reasons].sort() })),
  );
}
