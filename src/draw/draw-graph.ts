/** From a graph to a picture of it that can be read: folded as far as it must be, and opened where somebody asked. */

import { type Folded, foldParts } from "./fold-parts.ts";
import type { GraphDocument } from "./graph-document.ts";
import { kindOfBox, nameBox } from "./name-box.ts";
import { openParts } from "./open-parts.ts";
import { boxId, linkParts, type PartLinks } from "./parts.ts";
import type { Arrow, Box, Frame, Picture } from "./picture.ts";
import { showCount, showSize } from "./sizes.ts";

export interface Drawing {
  /** The nodes to draw; null: all. */
  readonly shown: ReadonlySet<number> | null;
  /** What is asked about, and marked. */
  readonly focus: ReadonlySet<number>;
  /** `fold`: few boxes; `groups`: one for each group of the document; `whole`: one for each node, in frames where it is grouped. */
  readonly detail: "fold" | "groups" | "whole";
  /** Boxes of the folded picture that are to be drawn as what is in them, by their ids. */
  readonly opened: ReadonlySet<string>;
}

/** So many boxes are left when all is folded. */
const MOST = 60;
/** To a box that more boxes refer to arrows are left out, and from one that refers to more. */
const MOST_ARROWS = { into: 8, outOf: 14 } as const;

/** A part with what is to be said of it. */
export interface DrawnPart {
  readonly nodes: readonly number[];
  readonly frame: string | null;
  /** Null: as its nodes are called. */
  readonly texts: readonly string[] | null;
}

export function drawGraph(document: GraphDocument, drawing: Drawing): Picture {
  const shown = drawing.shown ?? new Set(document.nodes.map(({ id }) => id));
  const { folded, parts, frames } = partsFor(document, shown, drawing);
  const links = linkParts(
    document,
    parts.map(({ nodes }) => nodes),
  );
  const ids = parts.map(({ nodes }) => boxId(nodes));
  const isSparing = drawing.detail !== "whole" && drawing.focus.size === 0;
  const isHub = links.into.map((from) => isSparing && from.size > MOST_ARROWS.into);
  const isFan = links.outOf.map(
    (to) => isSparing && [...to].filter((one) => !isHub[one]).length > MOST_ARROWS.outOf,
  );
  const boxes = parts.map(({ nodes, frame, texts }, at): Box => {
    return {
      id: ids[at]!,
      kind: texts === null ? kindOfBox(nodes, document) : "group",
      texts: texts ?? nameBox(nodes, document),
      nodes,
      frame,
      named: isHub[at] ? links.into[at]!.size : 0,
      naming: isFan[at] ? links.outOf[at]!.size : 0,
      isFocus: nodes.some((id) => drawing.focus.has(id)),
    };
  });
  const all = arrowsBetween(document, links, { ids, isHub, isFan });
  const arrows = all.map((arrow) => ({
    ...arrow,
    label: drawing.detail === "groups" ? String(arrow.references) : "",
  }));
  const left = [...isHub, ...isFan].some((one) => one)
    ? ["Arrows are left out where a box has very many; a number says how many lead to it, or away from it."]
    : [];
  return {
    title: `Why is what in ${document.name}`,
    boxes,
    arrows,
    frames,
    notes: [...folded.notes, ...left],
  };
}

interface ToDraw {
  readonly folded: Pick<Folded, "notes">;
  readonly parts: readonly DrawnPart[];
  readonly frames: readonly Frame[];
}

function partsFor(document: GraphDocument, shown: ReadonlySet<number>, drawing: Drawing): ToDraw {
  if (drawing.detail === "whole") return wholeParts(document, shown);
  if (drawing.detail === "groups") return groupParts(document, shown);
  const folded = foldParts(document, shown, MOST);
  return { folded, ...openParts(document, folded.parts, drawing.opened) };
}

function wholeParts(document: GraphDocument, shown: ReadonlySet<number>): ToDraw {
  const groups = document.grouping?.groups ?? [];
  const frameOf = new Map(groups.flatMap(({ id, nodes }) => nodes.map((node) => [node, `f${id}`] as const)));
  const parts = document.nodes
    .filter(({ id }) => shown.has(id))
    .map(({ id }): DrawnPart => ({ nodes: [id], frame: frameOf.get(id) ?? null, texts: null }));
  const used = new Set(parts.map(({ frame }) => frame));
  const frames = groups
    .map(({ id, name }) => ({ id: `f${id}`, title: name }))
    .filter(({ id }) => used.has(id));
  return { folded: { notes: [] }, parts, frames };
}

/** The largest groups, and one of all others where they are too many. */
function groupParts(document: GraphDocument, shown: ReadonlySet<number>): ToDraw {
  const groups = (document.grouping?.groups ?? [])
    .map((group) => ({ ...group, nodes: group.nodes.filter((id) => shown.has(id)) }))
    .filter(({ nodes }) => nodes.length > 0);
  const bySize = groups.toSorted((a, b) => b.bytes - a.bytes || a.id - b.id);
  const kept = new Set(groups.length <= MOST ? groups : bySize.slice(0, MOST - 1));
  const rest = groups.filter((group) => !kept.has(group));
  const parts = groups
    .filter((group) => kept.has(group))
    .map(({ name, nodes }): DrawnPart => ({ nodes, frame: null, texts: [name, amountOf(nodes, document)] }));
  if (rest.length === 0) return { folded: { notes: [] }, parts, frames: [] };
  const nodes = rest.flatMap((group) => group.nodes);
  const texts = [showCount(rest.length, "smaller group"), amountOf(nodes, document)];
  const notes = [`The smallest ${rest.length} groups are drawn as one.`];
  return { folded: { notes }, parts: [...parts, { nodes, frame: null, texts }], frames: [] };
}

function amountOf(part: readonly number[], { nodes }: GraphDocument): string {
  const entries = part.reduce((sum, id) => sum + nodes[id]!.entries, 0);
  const bytes = part.reduce((sum, id) => sum + nodes[id]!.bytes, 0);
  if (entries === 0) return showCount(part.length, "line");
  return `${showCount(entries, "entry", "entries")}, ${showSize(bytes)}`;
}

interface Ends {
  readonly ids: readonly string[];
  /** Parts to which no arrows are drawn. */
  readonly isHub: readonly boolean[];
  /** Parts from which none are. */
  readonly isFan: readonly boolean[];
}

function arrowsBetween(
  { references }: GraphDocument,
  { partOf }: PartLinks,
  { ids, isHub, isFan }: Ends,
): Omit<Arrow, "label">[] {
  const found = new Map<string, { from: number; to: number; references: number; reasons: Set<string> }>();
  for (const reference of references) {
    const [from, to] = [partOf[reference.from]!, partOf[reference.to]!];
    if (from === to || from === -1 || to === -1 || isHub[to] || isFan[from]) continue;
    const key = `${from} ${to}`;
    const arrow = found.get(key) ?? { from, to, references: 0, reasons: new Set<string>() };
    arrow.references += 1;
    arrow.reasons.add(reference.reason);
    found.set(key, arrow);
  }
  return [...found.values()]
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .map(({ from, to, references, reasons }) => {
      return { from: ids[from]!, to: ids[to]!, references, reasons: [...reasons].sort() };
    });
}
