/** The map on the page: tiles that can be clicked, and gone through with the arrow keys, one of which has the focus. */

import { showCount, showSize } from "../../draw/sizes.ts";
import { make } from "../shared/elements.ts";
import { showShare } from "../shared/format.ts";
import type { FileItem, Part } from "./model.ts";
import { nearestTile } from "./nearest-tile.ts";
import { hasTitle, type Tile, tilesOf } from "./tiles.ts";

export interface MapHooks {
  /** The number of its colour, and what that says. */
  readonly colourOf: (file: FileItem) => { readonly number: number; readonly says: string };
  readonly pick: (file: FileItem) => void;
  readonly open: (part: Part) => void;
  readonly goUp: () => void;
}

export interface TreeMap {
  show(part: Part, whole: number): void;
  /** Those that are not among them fade; null: all are. */
  mark(files: ReadonlySet<number> | null): void;
  select(file: FileItem | null): void;
}

export function makeTreeMap(place: HTMLElement, hooks: MapHooks): TreeMap {
  let shown: { part: Part; whole: number } | null = null;
  let tiles: readonly Tile[] = [];
  let elements: readonly HTMLElement[] = [];
  let marked: ReadonlySet<number> | null = null;
  let selected: FileItem | null = null;

  const draw = (): void => {
    if (shown === null) return;
    const hadFocus = place.contains(document.activeElement);
    const { whole, part } = shown;
    tiles = tilesOf(part, { x: 0, y: 0, width: place.clientWidth, height: place.clientHeight });
    elements = tiles.map((tile, at) => tileElement(tile, { whole, hooks, isFirst: at === 0 }));
    place.replaceChildren(...elements);
    fade();
    outline();
    if (hadFocus) elements[0]?.focus();
  };
  const fade = (): void => {
    for (const [at, { part, kind }] of tiles.entries()) {
      const isOut = marked !== null && kind !== "group" && !holdsMarked(part, marked);
      elements[at]!.classList.toggle("faded", isOut);
    }
  };
  const outline = (): void => {
    for (const [at, { part }] of tiles.entries()) {
      const isOne = selected !== null && part.file?.index === selected.index;
      elements[at]!.classList.toggle("selected", isOne);
      elements[at]!.setAttribute("aria-selected", String(isOne));
    }
  };
  const use = ({ part, rest }: Tile): void => {
    if (part.file !== null) hooks.pick(part.file);
    else if (rest === 0 || part !== shown?.part) hooks.open(part);
  };
  const focus = (at: number): void => {
    for (const [other, element] of elements.entries()) element.tabIndex = other === at ? 0 : -1;
    elements[at]?.focus();
  };

  place.addEventListener("click", (event) => {
    const at = indexOf(event.target, elements);
    if (at === -1) return;
    focus(at);
    use(tiles[at]!);
  });
  place.addEventListener("keydown", (event) => {
    const at = indexOf(event.target, elements);
    if (at === -1 || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") use(tiles[at]!);
    else if (event.key === "Backspace" || event.key === "Escape") hooks.goUp();
    else {
      const next = nearestTile(tiles, at, event.key);
      if (next === null) return;
      focus(next);
    }
    event.preventDefault();
  });
  new ResizeObserver(draw).observe(place);

  return {
    show: (part, whole) => {
      shown = { part, whole };
      draw();
    },
    mark: (files) => {
      marked = files;
      fade();
    },
    select: (file) => {
      selected = file;
      outline();
    },
  };
}

interface TileContext {
  readonly whole: number;
  readonly hooks: MapHooks;
  readonly isFirst: boolean;
}

function tileElement(tile: Tile, { whole, hooks, isFirst }: TileContext): HTMLElement {
  const { part, rect, kind, depth, rest, label } = tile;
  const colour = part.file === null ? null : hooks.colourOf(part.file);
  const size = rest > 0 ? "" : showSize(part.weight);
  const says =
    rest > 0
      ? `${showCount(rest, "small part")} of ${part.title}`
      : `${part.title}, ${size}, ${showShare(part.weight, whole)}${colour === null ? `, ${showCount(part.count, "file")}` : `, ${colour.says}`}`;
  const element = make("div", {
    class: `tile ${kind}${colour === null ? "" : ` c${colour.number}`}`,
    role: "treeitem",
    "aria-level": depth + 1,
    "aria-label": says,
    title: says,
    tabindex: isFirst ? 0 : -1,
    ...(part.file === null ? { "aria-expanded": kind === "group" } : {}),
  });
  element.style.transform = `translate(${rect.x}px, ${rect.y}px)`;
  element.style.width = `${rect.width}px`;
  element.style.height = `${rect.height}px`;
  const isRoomy = rect.width >= 44 && rect.height >= 17;
  if (kind === "group" ? hasTitle(tile) : isRoomy) {
    element.append(
      make("span", { class: "path", "aria-hidden": "true" }, rest > 0 ? `${rest} small` : label),
    );
    if (size !== "" && (kind === "group" ? rect.width > 150 : rect.height >= 34))
      element.append(make("span", { class: "size", "aria-hidden": "true" }, size));
  }
  return element;
}

function holdsMarked(part: Part, marked: ReadonlySet<number>): boolean {
  const left = [part];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next.file !== null && marked.has(next.file.index)) return true;
    left.push(...next.children);
  }
  return false;
}

function indexOf(target: EventTarget | null, elements: readonly HTMLElement[]): number {
  const element = target instanceof Element ? target.closest(".tile") : null;
  return element instanceof HTMLElement ? elements.indexOf(element) : -1;
}
