/** What differs between two images once they are unpacked: entries that only one has, and facts of those that both have. */
import { compareBytes } from "../core/order.ts";
import { type Fold, foldOf, foldText, UNFOLDED } from "./fold.ts";
import type { Side, SideEntry } from "./side.ts";

export interface Comparison {
  readonly added: readonly SideEntry[];
  readonly removed: readonly SideEntry[];
  readonly changed: readonly ChangedEntry[];
  /** How many entries differ in nothing but their time, or that too. */
  readonly otherTimes: number;
}

export interface ChangedEntry {
  readonly before: SideEntry;
  readonly after: SideEntry;
  readonly facts: readonly ChangedFact[];
}

export type ChangedFact = "kind" | "content" | "target" | "mode" | "owner" | "device";

/** What does not count: `names`, folded; and facts that nobody asked for. */
export interface CompareWishes {
  readonly isFolded: boolean;
  readonly ignored: ReadonlySet<string>;
}

export function compareSides(first: Side, second: Side, wishes: CompareWishes): Comparison {
  const before = keyed(first, wishes);
  const after = keyed(second, wishes);
  const changed: ChangedEntry[] = [];
  const removed: SideEntry[] = [];
  let otherTimes = 0;
  for (const [key, entry] of before) {
    const now = after.get(key);
    if (now === undefined) {
      removed.push(entry);
      continue;
    }
    const facts = changedFacts(entry, now, wishes);
    if (facts.length > 0) changed.push({ before: entry, after: now, facts });
    if (hasOtherTime(entry, now) && !wishes.ignored.has("time")) otherTimes += 1;
  }
  const added = [...after].flatMap(([key, entry]) => (before.has(key) ? [] : [entry]));
  return { added: inOrder(added), removed: inOrder(removed), changed: changed.sort(byPath), otherTimes };
}

function keyed({ entries }: Side, { isFolded }: CompareWishes): Map<string, SideEntry> {
  const fold: Fold = isFolded ? foldOf(entries.keys()) : UNFOLDED;
  return new Map([...entries].map(([path, entry]) => [fold(path), entry]));
}

function changedFacts(before: SideEntry, after: SideEntry, wishes: CompareWishes): ChangedFact[] {
  if (before.kind !== after.kind) return ["kind"];
  const fold = wishes.isFolded ? foldText : (text: string) => text;
  const differs: Record<Exclude<ChangedFact, "kind">, boolean> = {
    content: before.size !== after.size || !isSameContent(before, after),
    target: fold(before.to ?? ("" as never)) !== fold(after.to ?? ("" as never)),
    mode: before.mode !== after.mode,
    owner: before.uid !== after.uid || before.gid !== after.gid,
    device: before.major !== after.major || before.minor !== after.minor,
  };
  const facts = Object.keys(differs) as (keyof typeof differs)[];
  return facts.filter((fact) => differs[fact] && !wishes.ignored.has(fact));
}

/** Where one was not read, its size has to do. */
function isSameContent(before: SideEntry, after: SideEntry): boolean {
  return before.digest === after.digest || before.digest === null || after.digest === null;
}

function hasOtherTime({ mtime: before }: SideEntry, { mtime: after }: SideEntry): boolean {
  return before !== null && after !== null && before !== after;
}

function inOrder(entries: readonly SideEntry[]): SideEntry[] {
  return [...entries].sort((a, b) => compareBytes(a.path, b.path));
}

function byPath({ after: a }: ChangedEntry, { after: b }: ChangedEntry): number {
  return compareBytes(a.path, b.path);
}
