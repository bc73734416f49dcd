/**
 * Makes few parts of many, step by step, as long as there are too many to be read. Each step joins what a reader would tell in
 * one breath: a link and its target, files that are all referred to by the same and refer to the same, what a line alone brings.
 */
import { standIns } from "./copied-trees.ts";
import type { GraphDocument } from "./graph-document.ts";
import { lineOwners } from "./line-owners.ts";
import { type Links, linksOf } from "./links.ts";
import { joinParts, linkParts, type Parts } from "./parts.ts";

export interface Folded {
  readonly parts: Parts;
  /** Nodes to which so many refer that arrows would hide all others. */
  readonly hubs: ReadonlySet<number>;
  /** Sentences. */
  readonly notes: readonly string[];
}

/** Up to so many boxes are drawn as they are. */
const FEW = 40;
/** From so many referrers on a node is a hub. */
const MANY_REFERRERS = 10;
/** So many of the same are told as one where there is room for each. */
const SEVERAL = 4;

interface Fold {
  readonly document: GraphDocument;
  readonly links: Links;
  readonly hubs: ReadonlySet<number>;
}

/** `shown`: the nodes to draw. `most`: so many parts are left at last. */
export function foldParts(document: GraphDocument, shown: ReadonlySet<number>, most: number): Folded {
  const links = linksOf(document);
  const units = unitsOf(document, links, shown);
  const hubs = hubsAmong(document, units);
  const fold = { document, links, hubs };
  const notes: string[] = [];
  let parts = joinAlike(units, fold, SEVERAL);
  if (parts.length > FEW) {
    parts = joinAlike(joinToLines(parts, fold), fold, 2);
    notes.push("What only one line of the recipe brings is drawn with it.");
  }
  if (parts.length > most && longLists(document).size > 0) {
    parts = joinAlike(joinToLines(parts, fold, longLists(document)), fold, 2);
    notes.push("A long list of the recipe is drawn as one, with what only it brings.");
  }
  if (parts.length > most) {
    parts = joinAlike(joinDirectories(parts, fold, most), fold, 2);
    notes.push("What several lines share is drawn by its directory.");
  }
  if (parts.length > most) {
    parts = joinSmallest(parts, document, most);
    notes.push("The smallest are drawn as one.");
  }
  if (parts.length < units.length) notes.unshift("Alike ones, with the same around them, are one box.");
  return { parts, hubs, notes };
}

/** What is one thing to a reader: a copied tree with its parts, a link with what only it leads to, symlinks of directories. */
export function unitsOf(document: GraphDocument, links: Links, shown: ReadonlySet<number>): Parts {
  const stands = standIns(document, links);
  const single = document.nodes.filter(({ id }) => shown.has(id)).map(({ id }) => [id]);
  return joinParts(single, ([id]) => {
    const node = document.nodes[stands[id!]!]!;
    if (node.isDirectory) return "links";
    const only = onlyLinkTo(node.id, document, links);
    return String(only !== null && shown.has(only) ? only : node.id);
  });
}

/** The symlink that alone refers to a file, symlinks of directories left aside; null: there is none. */
function onlyLinkTo(id: number, { nodes }: GraphDocument, { into }: Links): number | null {
  const referrers = new Set(into[id]!.map(({ from }) => from));
  const [first] = referrers;
  if (referrers.size !== 1 || nodes[id]!.kind !== "file") return null;
  return nodes[first!]!.kind === "symlink" && !nodes[first!]!.isDirectory ? first! : null;
}

function hubsAmong(document: GraphDocument, units: Parts): Set<number> {
  const { into } = linkParts(document, units);
  const hubs = units.filter((unit, at) => into[at]!.size >= MANY_REFERRERS && !hasLine(unit, document));
  const links = units.filter((unit) => document.nodes[unit[0]!]!.isDirectory);
  return new Set([...hubs, ...links].flat());
}

/** Those with the same around them, hubs left aside, where there are at least `several`; again, since then others are alike. */
function joinAlike(start: Parts, { document, hubs }: Fold, several: number): Parts {
  let parts = start;
  for (;;) {
    const { into, outOf } = linkParts(document, parts);
    const isHub = parts.map((part) => part.every((id) => hubs.has(id)));
    const around = (set: ReadonlySet<number>) => [...set].filter((one) => !isHub[one]).sort((a, b) => a - b);
    const keys = parts.map((part, at) => {
      if (isHub[at]) return null;
      return [kindOf(part, document), around(into[at]!).join(), around(outOf[at]!).join()].join(" ");
    });
    const counts = new Map<string | null, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    const next = joinParts(parts, (_, at) => (counts.get(keys[at]!)! >= several ? keys[at]! : null));
    if (next.length === parts.length) return parts;
    parts = next;
  }
}

/** What a reader would not call by one word is never alike. */
function kindOf(part: readonly number[], { nodes }: GraphDocument): string {
  if (hasLine(part, { nodes }))
    return part.every((id) => nodes[id]!.kind === "recipe") ? "lines" : "lines and more";
  const { kind } = nodes[part[0]!]!;
  return kind === "symlink" || kind === "member" ? "file" : kind;
}

export function hasLine(part: readonly number[], { nodes }: Pick<GraphDocument, "nodes">): boolean {
  return part.some((id) => nodes[id]!.kind === "recipe");
}

const NO_LISTS: ReadonlyMap<number, number> = new Map();

/** With each line, or with each long list, what would go if it went. `lists`: lines, and which line stands for them. */
function joinToLines(parts: Parts, { document, links }: Fold, lists = NO_LISTS): Parts {
  const owners = lineOwners(document, links, (line) => lists.get(line) ?? line);
  const { partOf } = linkParts(document, parts);
  return joinParts(parts, (part) => {
    // Of alike ones each may have a line of its own, and those are alike then, too: one part.
    const lines = new Set(part.map((id) => (owners[id]! < 0 ? owners[id]! : partOf[owners[id]!]!)));
    const [owner] = lines;
    if (lines.size === 1 && owner! >= 0) return String(owner);
    const line = part.find((id) => document.nodes[id]!.kind === "recipe");
    return line === undefined ? null : String(partOf[owners[line]!]);
  });
}

/** From so many lines on a list is long. */
const LONG = 40;

/** Of the lines of long lists, such as `kernel/modules`, the first one. */
function longLists({ nodes }: GraphDocument): ReadonlyMap<number, number> {
  const lists = new Map<string, number[]>();
  for (const { id, item } of nodes) {
    const [, list] = /^(.*)\/\d+$/.exec(item ?? "") ?? [];
    if (list !== undefined && list !== "contents") lists.set(list, [...(lists.get(list) ?? []), id]);
  }
  const long = [...lists.values()].filter((lines) => lines.length >= LONG);
  return new Map(long.flatMap((lines) => lines.map((line) => [line, lines[0]!] as const)));
}

/** Directories that many parts lie in first, until few enough are left. */
function joinDirectories(parts: Parts, { document, hubs }: Fold, most: number): Parts {
  const directories = parts.map((part) =>
    part.every((id) => hubs.has(id)) || hasLine(part, document) ? null : directoryOfNodes(part, document),
  );
  const counts = new Map<string, number>();
  for (const one of directories) if (one !== null) counts.set(one, (counts.get(one) ?? 0) + 1);
  const joined = new Set<string>();
  let left = parts.length;
  for (const [directory, count] of [...counts].sort(
    ([a, many], [b, more]) => more - many || (a < b ? -1 : 1),
  )) {
    if (left <= most) break;
    joined.add(directory);
    left -= count - 1;
  }
  return joinParts(parts, (_, at) => (joined.has(directories[at] ?? "") ? directories[at]! : null));
}

/** Null: they lie in several. */
export function directoryOfNodes(
  part: readonly number[],
  { nodes }: Pick<GraphDocument, "nodes">,
): string | null {
  const directories = new Set(part.map((id) => directoryOfLabel(nodes[id]!.path ?? "")));
  return directories.size === 1 ? [...directories][0]! : null;
}

export function directoryOfLabel(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

function joinSmallest(parts: Parts, { nodes }: GraphDocument, most: number): Parts {
  const sizes = parts.map((part) => part.reduce((sum, id) => sum + nodes[id]!.bytes, 0));
  const order = [...parts.keys()].sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  const kept = new Set(order.slice(0, most - 1));
  return joinParts(parts, (_, at) => (kept.has(at) ? null : "small"));
}
