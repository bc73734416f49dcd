/** What a search finds: every word of it in the name, in any case. */
import type { GraphDocument } from "../../draw/graph-document.ts";

export interface FoundNodes {
  readonly nodes: readonly number[];
  /** Null: nothing was asked. */
  readonly total: number | null;
}

const MOST = 50;

/** Names that end in what was asked come first, then shorter ones. */
export function findNodes({ nodes }: GraphDocument, asked: string): FoundNodes {
  const words = asked
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return { nodes: [], total: null };
  const last = words.at(-1)!;
  const found = nodes
    .map(({ id, label }) => ({ id, label: label.toLowerCase() }))
    .filter(({ label }) => words.every((word) => label.includes(word)))
    .sort(
      (a, b) => rank(a.label, last) - rank(b.label, last) || a.label.length - b.label.length || a.id - b.id,
    );
  return { nodes: found.slice(0, MOST).map(({ id }) => id), total: found.length };
}

function rank(label: string, word: string): number {
  return label.endsWith(`/${word}`) ? 0 : label.slice(label.lastIndexOf("/")).includes(word) ? 1 : 2;
}
