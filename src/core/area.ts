/** Ranges of a board's memory. */

export interface Area {
  /** What lies there, for people: "kernel". */
  readonly name: string;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
}

/** Every two that share a byte, in the order of the list. */
export function overlapsOf<T extends Area>(areas: readonly T[]): [first: T, second: T][] {
  return areas.flatMap((first, index) =>
    areas
      .slice(index + 1)
      .filter((second) => isOverlap(first, second))
      .map((second): [T, T] => [first, second]),
  );
}

function isOverlap(one: Area, other: Area): boolean {
  return one.address < other.address + other.size && other.address < one.address + one.size;
}
