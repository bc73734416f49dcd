/** Pictures of a graph, in the forms that programs show. */
import { type Drawing, drawGraph } from "../../draw/draw-graph.ts";
import type { Picture } from "../../draw/picture.ts";
import { writeDot } from "../../draw/write-dot.ts";
import { MERMAID_LIMITS, writeMermaid } from "../../draw/write-mermaid.ts";
import { writeSvg } from "../../draw/write-svg.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { showNumber } from "../text/size.ts";
import type { ShownGraph } from "./graph.ts";
import type { GraphOrder, PictureFormat } from "./graph-order.ts";
import { graphPage } from "./graph-page.ts";

export interface Drawn {
  readonly text: string;
  /** What was folded, and what else is to be known. */
  readonly notes: readonly string[];
}

/** So many boxes are laid out in seconds. */
const MOST_BOXES = 600;

/** Throws WrongUsage. */
export function drawInFormat(
  shown: ShownGraph,
  order: GraphOrder & { readonly format: PictureFormat },
): Drawn {
  if (order.format === "html") return { text: graphPage(shown), notes: [] };
  const picture = drawGraph(shown.document, drawingOf(shown, order));
  switch (order.format) {
    case "dot":
      return { text: writeDot(picture), notes: picture.notes };
    case "mermaid":
      return drawMermaid(picture);
    case "svg":
      if (picture.boxes.length > MOST_BOXES)
        throw new WrongUsage(
          `--all would be ${showNumber(picture.boxes.length)} boxes: leave it out, add --focus, or take --format dot`,
        );
      return { text: writeSvg(picture), notes: picture.notes };
  }
}

function drawingOf({ document, focus, near }: ShownGraph, { isWhole }: GraphOrder): Drawing {
  const detail = isWhole ? "whole" : document.grouping === null ? "fold" : "groups";
  return { shown: near === null ? null : new Set(near.keys()), focus, detail, opened: new Set() };
}

function drawMermaid(picture: Picture): Drawn {
  const text = writeMermaid(picture);
  const { edges, characters } = MERMAID_LIMITS;
  const isLarge = picture.arrows.length > edges || text.length > characters;
  const warning = `renderers stop at ${showNumber(edges)} arrows and ${showNumber(characters)} characters: raise maxEdges and maxTextSize there`;
  return { text, notes: [...picture.notes, ...(isLarge ? [warning] : [])] };
}
