/** The map of a part as tiles of so many pixels: groups with their parts inside, and what is too small to be seen as one tile. */
import type { Part } from "./model.ts";
import { type Rect, squarify } from "./squarify.ts";

export interface Tile {
  readonly part: Part;
  /** Its name, with those of directories that hold nothing but the next: "usr/lib". */
  readonly label: string;
  readonly rect: Rect;
  /** Groups with a title above their parts; files; groups and rests that are drawn as one. */
  readonly kind: "group" | "file" | "block";
  readonly depth: number;
  /** Of a rest: how many parts it stands for. */
  readonly rest: number;
}

const LEAST_AREA = 30;
const LEAST_SIDE = 5;
const TITLE = 19;
const GAP = 2;
/** Beyond it there would be more titles than files. */
const MOST_DEPTH = 4;

/** Bounded by the room, whatever the part holds. */
export function tilesOf(root: Part, room: Rect): Tile[] {
  const tiles: Tile[] = [];
  const left: { part: Part; rect: Rect; depth: number }[] = [{ part: root, rect: room, depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { part, rect, depth } = next;
    if (part.weight <= 0 || rect.width <= 0 || rect.height <= 0) continue;
    const large: Part[] = [];
    const scale = (rect.width * rect.height) / part.weight;
    for (const child of part.children) if (child.weight * scale >= LEAST_AREA) large.push(child);
    const rest = part.children.length - large.length;
    const weight = part.weight - large.reduce((sum, child) => sum + child.weight, 0);
    const weights = large.map((child) => child.weight);
    const rects = squarify(rest > 0 && weight > 0 ? [...weights, weight] : weights, rect);
    for (const [at, own] of rects.entries()) {
      const { part: child, label } = large[at] === undefined ? { part, label: "" } : chainFrom(large[at]);
      const about = { part: child, label, rect: own, depth };
      if (child === part) tiles.push({ ...about, kind: "block", rest });
      else if (child.file !== null) tiles.push({ ...about, kind: "file", rest: 0 });
      else {
        const inner = innerOf(own, depth);
        const isShown =
          inner.width >= LEAST_SIDE * 2 && inner.height >= LEAST_SIDE * 2 && depth < MOST_DEPTH * 3;
        tiles.push({ ...about, kind: isShown ? "group" : "block", rest: 0 });
        if (isShown) left.push({ part: child, rect: inner, depth: depth + 1 });
      }
    }
  }
  return tiles;
}

function chainFrom(start: Part): { readonly part: Part; readonly label: string } {
  let part = start;
  let label = start.name;
  // Of a directory the title is its path; a layer or a line is no beginning of one.
  if (start.title === start.name) return { part, label };
  for (let only = onlyGroupIn(part); only !== null; only = onlyGroupIn(part)) {
    label = `${label}/${only.name}`;
    part = only;
  }
  return { part, label };
}

function onlyGroupIn({ children }: Part): Part | null {
  const [only] = children;
  return children.length === 1 && only?.file === null ? only : null;
}

export function hasTitle({ kind, rect, depth }: Pick<Tile, "kind" | "rect" | "depth">): boolean {
  return kind === "group" && depth < MOST_DEPTH && rect.width >= 60 && rect.height >= 44;
}

function innerOf(rect: Rect, depth: number): Rect {
  const top = hasTitle({ kind: "group", rect, depth }) ? TITLE : GAP;
  return {
    x: rect.x + GAP,
    y: rect.y + top,
    width: rect.width - 2 * GAP,
    height: rect.height - top - GAP,
  };
}
