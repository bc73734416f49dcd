/** Groups of a graph, the largest first, each with what it refers to and what refers to it. */

import type { DocumentBetween, DocumentGroup, DocumentGrouping } from "../../draw/graph-document.ts";
import { showCount, showSize } from "./size.ts";
import { wrapText } from "./wrap.ts";

export function layoutGroups({ groups, between }: DocumentGrouping, columns: number): string[] {
  const into = new Map<number, DocumentBetween[]>();
  const outOf = new Map<number, DocumentBetween[]>();
  for (const one of between) {
    pushTo(outOf, one.from, one);
    pushTo(into, one.to, one);
  }
  const order = groups.toSorted((a, b) => b.bytes - a.bytes || b.entries - a.entries || a.id - b.id);
  return order.flatMap((group) => {
    const told = [
      ...tellEnds("refers to", outOf.get(group.id) ?? [], ({ to }) => groups[to]!.name),
      ...tellEnds("referred to by", into.get(group.id) ?? [], ({ from }) => groups[from]!.name),
    ];
    const lines = told.flatMap((text, at) => {
      const isLast = at === told.length - 1;
      const [head = "", ...more] = wrapText(text, Math.max(columns - 3, 40));
      return [`${isLast ? "└─" : "├─"} ${head}`, ...more.map((line) => `${isLast ? "  " : "│ "}   ${line}`)];
    });
    return [headOf(group), ...lines];
  });
}

function headOf({ name, entries, bytes, nodes }: DocumentGroup): string {
  const amount =
    entries === 0
      ? showCount(nodes.length, "line")
      : `${showCount(entries, "entry", "entries")}, ${showSize(bytes)}`;
  return `${name}  ${amount}`;
}

function tellEnds(
  word: string,
  ends: readonly DocumentBetween[],
  nameOf: (one: DocumentBetween) => string,
): string[] {
  if (ends.length === 0) return [];
  const order = ends.toSorted((a, b) => b.references - a.references || a.from - b.from || a.to - b.to);
  return [`${word} ${order.map((one) => `${nameOf(one)} (${one.references})`).join(", ")}`];
}

function pushTo(map: Map<number, DocumentBetween[]>, key: number, one: DocumentBetween): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [one]);
  else known.push(one);
}
