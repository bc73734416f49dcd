/** The way of an arrow through its points, in curves. */
import type { Point } from "./layout.ts";

/** It is level at every point, as the columns are. */
export function wayOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let at = first;
  let way = `M${first.x} ${first.y}`;
  for (const point of rest) {
    const middle = tenth((at.x + point.x) / 2);
    way += `C${middle} ${at.y} ${middle} ${point.y} ${point.x} ${point.y}`;
    at = point;
  }
  return way;
}

/** Where a label stands that is its own. */
export function middleOf(points: readonly Point[]): Point {
  const at = Math.floor((points.length - 1) / 2);
  const [one, other] = [points[at]!, points[at + 1] ?? points[at]!];
  return { x: tenth((one.x + other.x) / 2), y: tenth((one.y + other.y) / 2) };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
