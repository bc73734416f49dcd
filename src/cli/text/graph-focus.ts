/** A part of the graph in lines: what leads to something, step by step backwards, and what it leads to. */

import type { DocumentNode, DocumentReference, GraphDocument } from "../../draw/graph-document.ts";
import { type Links, linksOf } from "../../draw/links.ts";
import { showCount, showSize } from "./size.ts";

export interface FocusShape {
  readonly focus: ReadonlySet<number>;
  /** Steps from the focus: before it (negative), or behind. */
  readonly near: ReadonlyMap<number, number>;
  readonly columns: number;
}

/** So many references of one node are told; the others are counted. */
const MOST = 40;

interface Direction {
  readonly heading: string;
  readonly references: (node: number, links: Links) => readonly DocumentReference[];
  readonly end: (reference: DocumentReference) => number;
  readonly sign: 1 | -1;
}

const DIRECTIONS: readonly Direction[] = [
  {
    heading: "what leads to it",
    references: (node, { into }) => into[node]!,
    end: ({ from }) => from,
    sign: -1,
  },
  {
    heading: "what it leads to",
    references: (node, { outOf }) => outOf[node]!,
    end: ({ to }) => to,
    sign: 1,
  },
];

export function layoutFocus(document: GraphDocument, shape: FocusShape): string[] {
  const links = linksOf(document);
  return [...shape.focus].flatMap((node) => [
    tellNode(document.nodes[node]!),
    ...DIRECTIONS.flatMap((direction) => layoutDirection(node, direction, { document, links, shape })),
  ]);
}

interface Page {
  readonly document: GraphDocument;
  readonly links: Links;
  readonly shape: FocusShape;
}

function layoutDirection(node: number, direction: Direction, page: Page): string[] {
  const seen = new Set([node]);
  const lines: string[] = [];
  addBelow({ node, prefix: "   ", distance: 0 }, { direction, page, seen, lines });
  if (lines.length === 0) return [];
  return [`└─ ${direction.heading}`, ...lines];
}

interface Walk {
  readonly direction: Direction;
  readonly page: Page;
  /** Told already: once is enough. */
  readonly seen: Set<number>;
  readonly lines: string[];
}

interface Step {
  readonly node: number;
  readonly prefix: string;
  readonly distance: number;
}

function addBelow({ node, prefix, distance }: Step, walk: Walk): void {
  const { direction, page, seen, lines } = walk;
  const { near } = page.shape;
  const found = direction.references(node, page.links).filter((reference) => {
    const steps = near.get(direction.end(reference));
    return (
      steps !== undefined &&
      (steps === 0 || Math.sign(steps) === direction.sign || seen.has(direction.end(reference)))
    );
  });
  const shown = found.slice(0, MOST);
  for (const [at, reference] of shown.entries()) {
    const isLast = at === found.length - 1;
    const end = direction.end(reference);
    const isNew = !seen.has(end);
    lines.push(
      `${prefix}${isLast ? "└─ " : "├─ "}${tellStep(page.document.nodes[end]!, reference)}${isNew ? "" : "  (above)"}`,
    );
    // What is nearer to the focus by another way is told there.
    const isNext = near.get(end) === direction.sign * (distance + 1);
    if (!isNew || !isNext) continue;
    seen.add(end);
    addBelow({ node: end, prefix: prefix + (isLast ? "   " : "│  "), distance: distance + 1 }, walk);
  }
  if (found.length > MOST) lines.push(`${prefix}└─ … ${showCount(found.length - MOST, "more", "more")}`);
}

function tellStep(node: DocumentNode, { reason, says, found }: DocumentReference): string {
  const evidence = [reason, says, found].filter((text) => text !== "").join(": ");
  return `${tellNode(node)}  (${evidence})`;
}

function tellNode({ kind, label, to, bytes, entries }: DocumentNode): string {
  if (kind === "symlink") return `${label} -> ${to}`;
  if (kind === "tree") return `${label}/  ${showCount(entries, "entry", "entries")}, ${showSize(bytes)}`;
  if (kind === "directory") return `${label}/`;
  return kind === "file" ? `${label}  ${showSize(bytes)}` : label;
}
