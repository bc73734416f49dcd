/**
 * Where everything stands. What arrows join is laid out in columns, from the recipe on the left to what is needed on the right, by
 * @dagrejs/dagre; what no arrow joins stands in rows below. No clock and no chance: the same picture has the same places.
 */
import { layout as layOut } from "@dagrejs/dagre";
import { Graph } from "@dagrejs/graphlib";
import type { Arrow, Box, Frame, Picture } from "./picture.ts";
import { widthOfText } from "./text-width.ts";

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Placed<Box>[];
  readonly frames: readonly Placed<Frame>[];
  readonly arrows: readonly PlacedArrow[];
  /** Headings of the rows below. */
  readonly headings: readonly { readonly text: string; readonly x: number; readonly y: number }[];
}

/** `x` and `y` are its corner's. */
export interface Placed<T> {
  readonly of: T;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedArrow {
  readonly of: Arrow;
  readonly points: readonly Point[];
}

export const TEXT = { size: 12, line: 16, padding: 10 } as const;
const GAP = 14;
const MARGIN = 24;
const LEAST_WIDTH = 640;
const HEADING = 34;

export function layoutPicture(picture: Picture): Layout {
  const joined = new Set(picture.arrows.flatMap(({ from, to }) => [from, to]));
  const inColumns = picture.boxes.filter(({ id, frame }) => joined.has(id) || frame !== null);
  const columns = layoutColumns(inColumns, picture);
  const loose = picture.boxes.filter((box) => !inColumns.includes(box));
  const width = Math.max(columns.width, LEAST_WIDTH);
  const rows = layoutRows(loose, { top: columns.height, width });
  return {
    width: Math.max(width, rows.width) + MARGIN,
    height: rows.height + MARGIN,
    boxes: [...columns.boxes, ...rows.boxes],
    frames: columns.frames,
    arrows: columns.arrows,
    headings: rows.headings,
  };
}

export function sizeOfBox({ texts }: Pick<Box, "texts">): { width: number; height: number } {
  const widths = texts.map((text, at) => widthOfText(text, at === 0 ? "title" : "plain"));
  return {
    width: round(Math.max(60, ...widths) + 2 * TEXT.padding),
    height: texts.length * TEXT.line + TEXT.padding,
  };
}

function layoutColumns(boxes: readonly Box[], { arrows, frames }: Picture): Omit<Layout, "headings"> {
  if (boxes.length === 0) return { width: 0, height: 0, boxes: [], frames: [], arrows: [] };
  const graph = new Graph({ directed: true, compound: true });
  graph.setGraph({ rankdir: "LR", nodesep: GAP, edgesep: 6, ranksep: 80, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, sizeOfBox(box));
  // Ids of frames are those of the boxes that were opened: nobody else has them now.
  for (const { id } of frames) graph.setNode(`frame ${id}`, {});
  for (const { id, frame } of boxes) if (frame !== null) graph.setParent(id, `frame ${frame}`);
  for (const { from, to } of arrows) graph.setEdge(from, to, {});
  layOut(graph);
  const { width = 0, height = 0 } = graph.graph() as Partial<Extent>;
  const standing = new Map(boxes.map((box) => [box.id, placed(box, graph.node(box.id) as Centred)]));
  return {
    width: round(width),
    height: round(height),
    boxes: [...standing.values()],
    frames: frames.map((frame) => placed(frame, graph.node(`frame ${frame.id}`) as Centred)),
    arrows: arrows.map((arrow) => {
      const { points } = graph.edge(arrow.from, arrow.to) as { points: readonly Point[] };
      const bends = points.slice(1, -1).map(({ x, y }) => ({ x: round(x), y: round(y) }));
      return { of: arrow, points: betweenSides(standing.get(arrow.from)!, bends, standing.get(arrow.to)!) };
    }),
  };
}

/** From the right side of a box to the left side of another; the other way round where the arrow leads back. */
function betweenSides(from: Placed<Box>, bends: readonly Point[], to: Placed<Box>): Point[] {
  const isBack = from.x > to.x;
  const start = { x: isBack ? from.x : round(from.x + from.width), y: heightAt(from, bends[0] ?? to) };
  const end = { x: isBack ? round(to.x + to.width) : to.x, y: heightAt(to, bends.at(-1) ?? from) };
  return [start, ...bends, end];
}

/** Where on a box's side an arrow meets it that comes from, or goes on to, a point. */
function heightAt({ y, height }: Placed<Box>, towards: Point): number {
  const edge = height / 4;
  return round(Math.min(Math.max(towards.y, y + edge), y + height - edge));
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

interface Centred extends Extent, Point {}

function placed<T>(of: T, { x, y, width, height }: Centred): Placed<T> {
  return {
    of,
    x: round(x - width / 2),
    y: round(y - height / 2),
    width: round(width),
    height: round(height),
  };
}

const ROWS = [
  { heading: "Many refer to these", holds: ({ named }: Box) => named > 0 },
  { heading: "These refer to many", holds: ({ named, naming }: Box) => named === 0 && naming > 0 },
  { heading: "No arrow leads to or from these", holds: ({ named, naming }: Box) => named + naming === 0 },
];

function layoutRows(
  boxes: readonly Box[],
  { top, width }: { readonly top: number; readonly width: number },
): Pick<Layout, "width" | "height" | "boxes" | "headings"> {
  const all: Placed<Box>[] = [];
  const headings: { text: string; x: number; y: number }[] = [];
  let y = top;
  for (const { heading, holds } of ROWS) {
    const own = boxes.filter(holds);
    if (own.length === 0) continue;
    headings.push({ text: heading, x: MARGIN, y: y + HEADING - 12 });
    y += HEADING;
    let x: number = MARGIN;
    let tallest = 0;
    for (const box of own) {
      const size = sizeOfBox(box);
      if (x > MARGIN && x + size.width > width) {
        x = MARGIN;
        y += tallest + GAP;
        tallest = 0;
      }
      all.push({ of: box, x, y, ...size });
      x = round(x + size.width + GAP);
      tallest = Math.max(tallest, size.height);
    }
    y += tallest + GAP;
  }
  const right = all.reduce((most, one) => Math.max(most, one.x + one.width), 0);
  return { width: right, height: y, boxes: all, headings };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
