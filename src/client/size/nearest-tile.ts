/** Where an arrow key leads from a tile: to the nearest in its direction, those right ahead before those aside. */
import type { Rect } from "./squarify.ts";
import type { Tile } from "./tiles.ts";

/** Null: to none, or the key is no arrow. Home and End lead to the first and the last. */
export function nearestTile(
  tiles: readonly Pick<Tile, "rect" | "kind">[],
  from: number,
  key: string,
): number | null {
  if (key === "Home") return 0;
  if (key === "End") return tiles.length - 1;
  const ahead = AHEAD[key];
  if (ahead === undefined) return null;
  const start = startOf(tiles[from]!);
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, tile] of tiles.entries()) {
    const { x, y } = startOf(tile);
    const [forth, aside] = ahead(x - start.x, y - start.y);
    const distance = forth + 3 * Math.abs(aside);
    if (at === from || forth <= 0.5 || distance >= least) continue;
    [best, least] = [at, distance];
  }
  return best;
}

type Ahead = (x: number, y: number) => readonly [forth: number, aside: number];

const AHEAD: Readonly<Record<string, Ahead>> = {
  ArrowRight: (x, y) => [x, y],
  ArrowLeft: (x, y) => [-x, y],
  ArrowDown: (x, y) => [y, x],
  ArrowUp: (x, y) => [-y, x],
};

/** Of a group its title, of others the middle. */
function startOf({ rect, kind }: { readonly rect: Rect; readonly kind: Tile["kind"] }): {
  x: number;
  y: number;
} {
  return { x: rect.x + rect.width / 2, y: kind === "group" ? rect.y + 8 : rect.y + rect.height / 2 };
}
