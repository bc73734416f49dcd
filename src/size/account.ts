/**
 * What an image costs, by who brought it. Own: what a line of the recipe names itself. Retained: what would go if the
 * line went, since nobody else needs it: all that it dominates in the graph, seen from a root above all lines.
 */
import type { Span } from "../core/span.ts";
import type { TracedImage } from "../trace/traced-image.ts";
import { type Amount, addTo, amountIn, amountOf, entrySums, type Sums, startSums } from "./amounts.ts";
import { claimantsOf } from "./claimants.ts";
import { dominatorsOf } from "./dominators.ts";
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
  const retained = retainedSums(image, lines, entries);
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
function retainedSums(image: TracedImage, lines: readonly Line[], entries: Sums): Sums {
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
  const sums = startSums(root + 1 + layers.length);
  for (const [entry, claimants] of claimantsOf(image).entries()) {
    const holder = claimants.reduce(
      (one, other) => (one === -1 ? -1 : tree.common(one, other)),
      claimants[0] ?? -1,
    );
    addTo(sums, holder === -1 ? root : holder, entries, entry);
  }
  for (const vertex of tree.order.slice(1).reverse()) addTo(sums, tree.parent[vertex]!, sums, vertex);
  return sums;
}

function* entriesOfLayer({ entries }: TracedImage, wanted: number): Generator<number> {
  for (const [at, { layer }] of entries.entries()) if (layer === wanted) yield at;
}

function subtract(sums: Sums, from: Sums, one: number): void {
  sums.entries[0]! -= from.entries[one]!;
  sums.unpacked[0]! -= from.unpacked[one]!;
  sums.compressed[0]! -= from.compressed[one]!;
}
