/** A graph in parts, each to be one box: which node is in which, and which parts refer to which. */
import type { GraphDocument } from "./graph-document.ts";

/** Nodes by number. Every shown node is in one part, and no part is empty. */
export type Parts = readonly (readonly number[])[];

export interface PartLinks {
  /** Of each node the number of its part; -1: it is not shown. */
  readonly partOf: readonly number[];
  /** Of each part those that refer to it, and those to which it refers; itself left out. */
  readonly into: readonly ReadonlySet<number>[];
  readonly outOf: readonly ReadonlySet<number>[];
}

export function linkParts({ nodes, references }: GraphDocument, parts: Parts): PartLinks {
  const partOf = nodes.map(() => -1);
  for (const [part, members] of parts.entries()) for (const member of members) partOf[member] = part;
  const into = parts.map(() => new Set<number>());
  const outOf = parts.map(() => new Set<number>());
  for (const reference of references) {
    const [from, to] = [partOf[reference.from]!, partOf[reference.to]!];
    if (from === to || from === -1 || to === -1) continue;
    into[to]!.add(from);
    outOf[from]!.add(to);
  }
  return { partOf, into, outOf };
}

/** Parts of one key become one, at the place of the first; null: it stays by itself. */
export function joinParts(
  parts: Parts,
  keyOf: (part: readonly number[], at: number) => string | null,
): Parts {
  const joined = new Map<string, number[]>();
  const all: number[][] = [];
  for (const [at, part] of parts.entries()) {
    const key = keyOf(part, at);
    const known = key === null ? undefined : joined.get(key);
    if (known !== undefined) known.push(...part);
    else {
      const own = [...part];
      all.push(own);
      if (key !== null) joined.set(key, own);
    }
  }
  return all;
}

/** The same for the same nodes, whatever else is drawn. */
export function boxId(part: readonly number[]): string {
  const first = part.reduce((least, id) => Math.min(least, id));
  return part.length === 1 ? `n${first}` : `n${first}x${part.length}`;
}
