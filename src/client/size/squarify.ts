/** Rectangles for weights, as square as can be. Source: Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000). */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One for each weight, in their order; the weights fall, and none is 0. Together they fill the room. */
export function squarify(weights: readonly number[], room: Rect): Rect[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale = (room.width * room.height) / total;
  const areas = weights.map((weight) => weight * scale);
  const rects: Rect[] = [];
  let left = room;
  for (let start = 0; start < areas.length; ) {
    const end = endOfRow(areas, start, Math.min(left.width, left.height));
    const row = areas.slice(start, end);
    left = end === areas.length ? layRow(row, left, rects, "all") : layRow(row, left, rects, "part");
    start = end;
  }
  return rects;
}

/** A row grows while its worst rectangle gets better by it. */
function endOfRow(areas: readonly number[], start: number, side: number): number {
  let sum = 0;
  let worst = Number.POSITIVE_INFINITY;
  for (let end = start; end < areas.length; end++) {
    sum += areas[end]!;
    const square = (sum / side) ** 2;
    const ratio = Math.max(areas[start]! / square, square / areas[end]!);
    if (ratio > worst) return end;
    worst = ratio;
  }
  return areas.length;
}

/** Along the shorter side. The last row takes all that is left, so that rounding leaves no seam. Gives the room that is left. */
function layRow(areas: readonly number[], room: Rect, into: Rect[], takes: "all" | "part"): Rect {
  const sum = areas.reduce((all, area) => all + area, 0);
  const isUpright = room.width >= room.height;
  const [along, across] = isUpright ? [room.height, room.width] : [room.width, room.height];
  const thickness = takes === "all" ? across : Math.min(across, sum / along);
  let at = 0;
  for (const area of areas) {
    const length = (area / sum) * along;
    into.push(
      isUpright
        ? { x: room.x, y: room.y + at, width: thickness, height: length }
        : { x: room.x + at, y: room.y, width: length, height: thickness },
    );
    at += length;
  }
  return isUpright
    ? { ...room, x: room.x + thickness, width: room.width - thickness }
    : { ...room, y: room.y + thickness, height: room.height - thickness };
}
