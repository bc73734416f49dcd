/** Boxes that somebody opened: what is in them is drawn in their place, in a frame; in few boxes again where it is much. */
import type { DrawnPart } from "./draw-graph.ts";
import { directoryOfNodes, hasLine, unitsOf } from "./fold-parts.ts";
import type { GraphDocument } from "./graph-document.ts";
import { lineOwners } from "./line-owners.ts";
import { linksOf } from "./links.ts";
import { nameBox } from "./name-box.ts";
import { boxId, joinParts, type Parts } from "./parts.ts";
import type { Frame } from "./picture.ts";

export interface Opened {
  readonly parts: readonly DrawnPart[];
  readonly frames: readonly Frame[];
}

/** So many are drawn one by one in a frame. */
const MOST_IN_FRAME = 30;

export function openParts(document: GraphDocument, folded: Parts, opened: ReadonlySet<string>): Opened {
  const frames: Frame[] = [];
  const parts: DrawnPart[] = [];
  const queue = folded.map((nodes) => ({ nodes, frame: null as string | null }));
  // A part of an opened box is smaller than the box, so this ends.
  for (const one of queue) {
    const id = boxId(one.nodes);
    const inner = opened.has(id) ? splitPart(document, one.nodes) : [];
    if (inner.length < 2) {
      parts.push({ ...one, texts: null });
      continue;
    }
    frames.push({ id, title: nameBox(one.nodes, document)[0] ?? "" });
    for (const nodes of inner) queue.push({ nodes, frame: id });
  }
  const used = new Set(parts.map(({ frame }) => frame));
  return { parts, frames: frames.filter(({ id }) => used.has(id)) };
}

/** Whether there is anything in a box to open. */
export function canOpen(document: GraphDocument, part: readonly number[]): boolean {
  return splitPart(document, part).length > 1;
}

function splitPart(document: GraphDocument, part: readonly number[]): Parts {
  const links = linksOf(document);
  const units = unitsOf(document, links, new Set(part));
  if (units.length <= MOST_IN_FRAME) return units;
  const lines = units.filter((unit) => hasLine(unit, document));
  if (lines.length > 1) {
    const owners = lineOwners(document, links);
    return inPortions(joinParts(units, (unit) => String(owners[unit[0]!]!)));
  }
  const byDirectory = joinParts(units, (unit) =>
    hasLine(unit, document) ? null : directoryOfNodes(unit, document),
  );
  return inPortions(byDirectory.length > 1 + lines.length ? byDirectory : units);
}

/** At most so many, of neighbours. */
function inPortions(parts: Parts): Parts {
  const size = Math.ceil(parts.length / MOST_IN_FRAME);
  return size === 1 ? parts : joinParts(parts, (_, at) => String(Math.floor(at / size)));
}
