/** The entries that a line of the recipe names itself: its files, what its symlinks lead to, and all of a directory that it copies. */
import type { Reason } from "../graph/references.ts";
import type { TracedImage } from "../trace/traced-image.ts";

/** A directory's members that refer to something have nodes of their own; so has what a symlink leads to. */
const STILL_NAMED: ReadonlySet<Reason> = new Set<Reason>(["copied", "symlink"]);

/** Asked of one line after another. */
export function namesIn(image: TracedImage): (line: number) => Set<number> {
  const { references } = image.references;
  const all = grouped(references, ({ from, to }) => [from, to]);
  const same = grouped(
    references.filter(({ reason }) => STILL_NAMED.has(reason)),
    ({ from, to }) => [from, to],
  );
  const entries = grouped([...image.entries.keys()], (at) => [image.entries[at]!.node ?? -1, at]);
  return (line) => {
    const found = new Set(all.get(line));
    for (const node of found) for (const next of same.get(node) ?? []) found.add(next);
    return new Set([line, ...found].flatMap((node) => entries.get(node) ?? []));
  };
}

function grouped<T>(
  items: readonly T[],
  pair: (item: T) => readonly [number, number],
): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const item of items) {
    const [key, value] = pair(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
