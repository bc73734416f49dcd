/**
 * What an image costs, by who brought it. Own: what a line of the recipe names itself. Retained: what would go if the
 * line went, since nobody else needs it: all that it dominates in the graph, seen from a root above all lines.
 */
import type { Span } from "../core/span.ts";
import type { TracedImage } from "../trace/traced-image.ts";
import { type Amount, addTo, amountIn, amountOf, entrySums, type Sums, startSums } from "./amounts.ts";
import { claimantsOf } from "./claimants.ts";
import { type DominatorTree, dominatorsOf } from "./dominators.ts";
import { layerOfLine } from "./line-layers.ts";
import { namesIn } from "./named.ts";

export interface Account {
  readonly total: Amount;
  /** In the order of the recipe's nodes. */
  readonly lines: readonly LineAccount[];
  /** In their order. */
  readonly layers: readonly LayerAccount[];
  /** What several lines need, or that no line is known to need. */
  readonly shared: Amount;
  /** By node of the graph: what would go if it went. */
  readonly nodes: readonly Amount[];
  /** By entry. */
  readonly entries: Sums;
  /** By entry, the node of the line that alone brings it; -1: several do, or none is known to. */
  readonly holders: Int32Array;
}

export interface LineAccount {
  /** Its node in the graph. */
  readonly node: number;
  readonly at: Span | null;
  readonly label: string;
  readonly layer: number;
  /** Lines may name the same: these sums overlap. */
  readonly own: Amount;
  readonly retained: Amount;
}

export interface LayerAccount {
  readonly name: string;
  /** What lies in it. */
  readonly own: Amount;
  readonly retained: Amount;
}

export function accountOf(image: TracedImage): Account {
  const entries = entrySums(image);
  const { nodes } = image.references;
  const lines = linesOf(image);
  const { sums: retained, holders } = retainedSums(image, lines, entries);
  const root = nodes.length;
  const namesOf = namesIn(image);
  const all = image.entries.keys();
  const linesAccount = lines.map((line) => ({
    ...line,
    own: amountIn(entries, namesOf(line.node)),
    retained: amountOf(retained, line.node),
  }));
  const shared = startSums(1);
  addTo(shared, 0, retained, root);
  for (const { node } of lines) subtract(shared, retained, node);
  return {
    total: amountIn(entries, all),
    lines: linesAccount,
    layers: image.layers.map(({ name }, layer) => ({
      name,
      own: amountIn(entries, entriesOfLayer(image, layer)),
      retained: amountOf(retained, root + 1 + layer),
    })),
    shared: amountOf(shared, 0),
    nodes: nodes.map((_, node) => amountOf(retained, node)),
    entries,
    holders,
  };
}

type Line = Omit<LineAccount, "own" | "retained">;

function linesOf({ references, layers }: TracedImage): Line[] {
  return references.nodes.flatMap(({ node }, number) => {
    if (node.kind !== "recipe") return [];
    const { at, label } = node;
    return [{ node: number, at, label, layer: layerOfLine(label, layers) }];
  });
}

/** Vertices: the nodes, the root, and the layers between it and their lines. */
function retainedSums(
  image: TracedImage,
  lines: readonly Line[],
  entries: Sums,
): { readonly sums: Sums; readonly holders: Int32Array } {
  const { references, layers } = image;
  const root = references.nodes.length;
  const ofLayer = (layer: number): number => root + 1 + layer;
  const edges = [
    ...layers.map((_, layer) => [root, ofLayer(layer)] as const),
    ...lines.map(({ node, layer }) => [ofLayer(layer), node] as const),
    ...references.references.map(({ from, to }) => [from, to] as const),
  ];
  const tree = dominatorsOf({
    count: root + 1 + layers.length,
    from: edges.map(([from]) => from),
    to: edges.map(([, to]) => to),
    root,
  });
  const lineAbove = nearestLines(tree, lines);
  const sums = startSums(root + 1 + layers.length);
  const holders = new Int32Array(image.entries.length).fill(-1);
  for (const [entry, claimants] of claimantsOf(image).entries()) {
    const common = claimants.reduce((one, other) => tree.common(one, other), claimants[0] ?? -1);
    addTo(sums, common === -1 ? root : common, entries, entry);
    if (common !== -1) holders[entry] = lineAbove[common]!;
  }
  for (const vertex of tree.order.slice(1).reverse()) addTo(sums, tree.parent[vertex]!, sums, vertex);
  return { sums, holders };
}

/** Of each vertex, the line that dominates it; -1: none. */
function nearestLines({ order, parent }: DominatorTree, lines: readonly Line[]): Int32Array {
  const nearest = new Int32Array(parent.length).fill(-1);
  for (const { node } of lines) nearest[node] = node;
  for (const vertex of order) if (nearest[vertex] === -1) nearest[vertex] = nearest[parent[vertex]!]!;
  return nearest;
}

function* entriesOfLayer({ entries }: TracedImage, wanted: number): Generator<number> {
  for (const [at, { layer }] of entries.entries()) if (layer === wanted) yield at;
}

function subtract(sums: Sums, from: Sums, one: number): void {
  sums.entries[0]! -= from.entries[one]!;
  sums.unpacked[0]! -= from.unpacked[one]!;
  sums.compressed[0]! -= from.compressed[one]!;
}
