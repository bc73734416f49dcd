/**
 * Which lines of a text are new and which are gone. Lines are taken as a set with counts, so that no text, however made,
 * takes long; a line that only moved is no change.
 */
import { type ByteString, showBytes } from "../core/path.ts";

export interface LineChanges {
  readonly added: number;
  readonly removed: number;
  /** The first of both, those that are gone before those that came. */
  readonly first: readonly LineChange[];
}

export interface LineChange {
  readonly kind: "added" | "removed";
  /** Counted from 1, in the text that has it. */
  readonly line: number;
  readonly text: string;
}

/** So many lines of each kind are told. */
const MOST_TOLD = 5;

/** Null: the same lines, perhaps in another order or with another end. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChanges | null {
  const removed = linesBeyond(before, after);
  const added = linesBeyond(after, before);
  if (removed.length + added.length === 0) return null;
  const first = [...told(removed, before, "removed"), ...told(added, after, "added")];
  return { added: added.length, removed: removed.length, first };
}

/** The numbers of those lines, from 0, that the other has not, or not as often. */
function linesBeyond(own: readonly string[], other: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const line of other) counts.set(line, (counts.get(line) ?? 0) + 1);
  return own.flatMap((line, number) => {
    const left = counts.get(line) ?? 0;
    counts.set(line, left - 1);
    return left > 0 ? [] : [number];
  });
}

function told(numbers: readonly number[], lines: readonly string[], kind: LineChange["kind"]): LineChange[] {
  return numbers
    .slice(0, MOST_TOLD)
    .map((number) => ({ kind, line: number + 1, text: showBytes(lines[number] as ByteString) }));
}
