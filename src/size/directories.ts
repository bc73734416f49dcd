/** An image cut into so many directories: the largest part is parted again and again, so that no row hides most of it, and rows add up. */
import { directoryOf, ROOT, type TargetPath } from "../core/path.ts";
import type { TracedEntry } from "../trace/traced-image.ts";
import { type Amount, amountIn, type Sums } from "./amounts.ts";

export interface DirectoryPart {
  readonly path: TargetPath;
  /** False: just what lies in it itself; its directories have rows of their own, or are too small for one. */
  readonly isWhole: boolean;
  readonly amount: Amount;
}

/** What is less of all than this stays with the directory around it. */
const LEAST_PART = 1 / 200;

/** The largest first. */
export function cutDirectories(entries: readonly TracedEntry[], sums: Sums, most: number): DirectoryPart[] {
  const root = treeOf(entries, sums);
  const least = root.weight * LEAST_PART;
  let parts: Part[] = [wholeOf(root)];
  for (;;) {
    const largest = parts
      .filter(({ isWhole, directory }) => isWhole && directory.children.size > 0)
      .sort(byWeight)[0];
    if (largest === undefined) break;
    const pieces = piecesOf(largest.directory, least);
    if (parts.length - 1 + pieces.length > most) break;
    parts = [...parts.filter((part) => part !== largest), ...pieces];
  }
  return parts.sort(byWeight).map(({ directory, isWhole, rest }) => ({
    path: directory.path,
    isWhole,
    amount: amountIn(sums, rest.flatMap(allIn).concat(isWhole ? [] : directory.own)),
  }));
}

interface Directory {
  readonly path: TargetPath;
  readonly children: Map<TargetPath, Directory>;
  /** Its own entry, and entries in it that are no directories. */
  readonly own: number[];
  weight: number;
}

interface Part {
  readonly directory: Directory;
  /** False: it was parted, and what is left are its own entries and those of small directories. */
  readonly isWhole: boolean;
  readonly rest: readonly Directory[];
  readonly weight: number;
}

function wholeOf(directory: Directory): Part {
  return { directory, isWhole: true, rest: [directory], weight: directory.weight };
}

function piecesOf(directory: Directory, least: number): Part[] {
  const children = [...directory.children.values()];
  const large = children.filter(({ weight }) => weight >= least && weight > 0);
  const rest = children.filter((child) => !large.includes(child));
  const weight = directory.weight - large.reduce((sum, child) => sum + child.weight, 0);
  const own = { directory, isWhole: false, rest, weight };
  return [...large.map(wholeOf), ...(rest.length + directory.own.length > 0 ? [own] : [])];
}

function treeOf(entries: readonly TracedEntry[], sums: Sums): Directory {
  const root: Directory = { path: ROOT, children: new Map(), own: [], weight: 0 };
  const known = new Map<TargetPath, Directory>([[ROOT, root]]);
  const directoryAt = (path: TargetPath): Directory => {
    const missing: TargetPath[] = [];
    let above = path;
    for (; !known.has(above); above = directoryOf(above)) missing.push(above);
    let at = known.get(above)!;
    for (const one of missing.reverse()) {
      const made: Directory = { path: one, children: new Map(), own: [], weight: 0 };
      at.children.set(one, made);
      known.set(one, made);
      at = made;
    }
    return at;
  };
  for (const [at, { path, kind }] of entries.entries()) {
    const directory = directoryAt(kind === "directory" ? path : directoryOf(path));
    directory.own.push(at);
    for (let above = directory.path; ; above = directoryOf(above)) {
      known.get(above)!.weight += sums.unpacked[at]!;
      if (above === ROOT) break;
    }
  }
  return root;
}

function allIn(directory: Directory): number[] {
  const all: number[] = [];
  const left = [directory];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const at of next.own) all.push(at);
    left.push(...next.children.values());
  }
  return all;
}

function byWeight(a: Part, b: Part): number {
  return b.weight - a.weight || (a.directory.path < b.directory.path ? -1 : 1);
}
