/** What differs between two images, in lines. */
import type { Cause, Caused } from "../../compare/causes.ts";
import type { ChangedFact } from "../../compare/compare-sides.ts";
import type { ContentChange } from "../../compare/content-changes.ts";
import type { ChangedFile, ImageDiff } from "../../compare/diff-images.ts";
import type { Packing, SideEntry } from "../../compare/side.ts";
import { type ByteString, isInside, showBytes, showPath } from "../../core/path.ts";
import { showPlace } from "../../core/span.ts";
import type { GraphNode } from "../../graph/references.ts";
import { KINDS } from "../report/kinds.ts";
import { sayReference } from "./reference.ts";
import { safeText } from "./safe.ts";
import { showCount, showSize } from "./size.ts";

/** `whole`: each entry in a line; `folded`: of a directory that came or went with much in it, the directory alone. */
export type Listing = "whole" | "folded";

/** Ends with a line that sums it up. */
export function imageDiffText(diff: ImageDiff, listing: Listing): string {
  const lines = [
    ...groupLines(diff.added, { sign: "+", verb: "now", listing }),
    ...groupLines(diff.removed, { sign: "-", verb: "no longer", listing }),
    ...diff.changed.flatMap(changedLines),
  ];
  const between = lines.length === 0 ? [] : [""];
  return [...lines.map(safeText), ...between, ...sumLines(diff).map(safeText), ""].join("\n");
}

interface Direction {
  readonly sign: "+" | "-";
  readonly verb: "now" | "no longer";
  readonly listing: Listing;
}

function groupLines(groups: readonly Caused[], direction: Direction): string[] {
  return groups.flatMap(({ cause, entries }) => {
    const why = sayCause(cause, direction);
    const own = entryLines(entries, direction);
    return why === null ? own : [`${why}:`, ...own.map((line) => `  ${line}`)];
  });
}

/** More entries below a directory are not told one by one. */
const MOST_BELOW = 20;

function entryLines(entries: readonly SideEntry[], { sign, listing }: Direction): string[] {
  const lines: string[] = [];
  for (let at = 0; at < entries.length; ) {
    const entry = entries[at]!;
    const below = entry.kind === "directory" ? entriesBelow(entries, at) : [];
    const isFolded = listing === "folded" && below.length > MOST_BELOW;
    const count = `  with ${showCount(below.length, "entry", "entries")}, ${showSize(sizeOf(below))}`;
    lines.push(`${sign} ${entryText(entry)}${isFolded ? count : ""}`);
    at += 1 + (isFolded ? below.length : 0);
  }
  return lines;
}

/** Those that follow a directory in the order of paths and lie in it. */
function entriesBelow(entries: readonly SideEntry[], at: number): readonly SideEntry[] {
  const { path } = entries[at]!;
  const end = entries.findIndex((entry, index) => index > at && !isInside(entry.path, path));
  return entries.slice(at + 1, end === -1 ? entries.length : end);
}

function sizeOf(entries: readonly SideEntry[]): number {
  return entries.reduce((sum, { size }) => sum + size, 0);
}

/** Null: there is nothing to say. */
export function sayCause(cause: Cause, { verb }: Pick<Direction, "verb">): string | null {
  switch (cause.kind) {
    case "reference": {
      const { from, to, reference } = cause;
      const what = reference.says === "" ? nodeText(to) : reference.says;
      return `${nodeText(from)} ${verb} ${sayReference(reference.reason, what)}`;
    }
    case "moved": {
      const { from, to, elsewhere, reference } = cause;
      const said = `${nodeText(from)} ${sayReference(reference.reason, reference.says)}`;
      return verb === "now"
        ? `${said}, which is ${nodeText(to)} now and was ${nodeText(elsewhere)}`
        : `${said}, which is ${nodeText(elsewhere)} now and was ${nodeText(to)}`;
    }
    case "tree":
      return `${showPath(cause.path)} ${verb} holds`;
    case "parent":
    case "unknown":
      return null;
  }
}

function nodeText(node: GraphNode): string {
  if (node.kind !== "recipe") return showPath(node.path);
  return node.at === null ? node.label : showPlace(node.at);
}

/** "/etc/hostname  12 bytes", "/bin -> usr/bin", "/dev/console  a character device, 5:1". */
function entryText(entry: SideEntry): string {
  const { name, facts } = entryParts(entry);
  return facts === "" ? name : `${name}  ${facts}`;
}

/** What it is called, and what else there is to say of its kind. */
export function entryParts(entry: SideEntry): { readonly name: string; readonly facts: string } {
  const { path, kind, size, to } = entry;
  const name = showPath(path);
  if (kind === "symlink") return { name: `${name} -> ${showBytes(to ?? ("" as ByteString))}`, facts: "" };
  if (kind === "file") return { name, facts: showSize(size) };
  if (kind === "directory") return { name: `${name}/`, facts: "" };
  return { name, facts: kindText(entry) };
}

function kindText({ kind, major, minor }: SideEntry): string {
  return kind === "char" || kind === "block" ? `${KINDS[kind]}, ${major}:${minor}` : KINDS[kind];
}

function changedLines(file: ChangedFile): string[] {
  const { before, after } = file;
  const moved = before.path === after.path ? "" : ` (was ${showPath(before.path)})`;
  const said = changedFacts(file);
  return [`~ ${showPath(after.path)}${moved}  ${said}`, ...file.content.flatMap(contentLines)];
}

/** "12 bytes -> 14 bytes; mode 0644 -> 0600" */
export function changedFacts(file: ChangedFile): string {
  return file.facts.map((fact) => factText(fact, file)).join("; ");
}

function factText(fact: ChangedFact, { before, after }: ChangedFile): string {
  switch (fact) {
    case "kind":
      return `${kindText(before)} is ${kindText(after)}`;
    case "content":
      return before.size === after.size
        ? `content, ${showSize(after.size)}`
        : `${showSize(before.size)} -> ${showSize(after.size)}`;
    case "target":
      return `leads to ${showTarget(after)}, not ${showTarget(before)}`;
    case "mode":
      return `mode ${showMode(before)} -> ${showMode(after)}`;
    case "owner":
      return `owner ${before.uid}:${before.gid} -> ${after.uid}:${after.gid}`;
    case "device":
      return `device ${before.major}:${before.minor} -> ${after.major}:${after.minor}`;
  }
}

function showTarget({ to }: SideEntry): string {
  return showBytes(to ?? ("" as ByteString));
}

function showMode({ mode }: SideEntry): string {
  return mode.toString(8).padStart(4, "0");
}

const SHOWN_ITEMS = 8;

export function contentLines(change: ContentChange): string[] {
  switch (change.kind) {
    case "value":
      return [`    ${change.what}: ${change.was || "none"} -> ${change.is || "none"}`];
    case "list": {
      const parts = [listed("+", change.added), listed("-", change.removed)].filter((part) => part !== "");
      return [`    ${change.what}: ${parts.join(", ")}`];
    }
    case "lines": {
      const shown = change.first.map(({ kind, line, text }) => {
        return `    ${kind === "added" ? "+" : "-"} ${line}: ${text}`;
      });
      const more = change.added + change.removed - shown.length;
      return [...shown, ...(more > 0 ? [`      and ${showCount(more, "more line")}`] : [])];
    }
  }
}

function listed(sign: string, items: readonly string[]): string {
  const shown = items.slice(0, SHOWN_ITEMS).map((item) => `${sign}${item}`);
  const more = items.length - shown.length;
  return [...shown, ...(more > 0 ? [`${sign}${more} more`] : [])].join(", ");
}

export function sumLines(diff: ImageDiff): string[] {
  const [added, removed] = [diff.added, diff.removed].map((groups) =>
    groups.flatMap(({ entries }) => entries),
  );
  const parts = [
    countText(added!, "added", "+"),
    countText(removed!, "removed", "-"),
    diff.changed.length === 0 ? "" : `${diff.changed.length} changed`,
    diff.otherTimes === 0 ? "" : `${showCount(diff.otherTimes, "entry has", "entries have")} another time`,
  ].filter((part) => part !== "");
  const entries = parts.length === 0 ? "the same entries" : parts.join(", ");
  const sizes = [sizeText("unpacked", diff.unpacked), sizeText("file", diff.file)].filter(
    (part) => part !== "",
  );
  const packing = diff.packing === null ? "" : packingText(diff.packing, parts.length === 0);
  return [[entries, ...sizes].join("; "), ...(packing === "" ? [] : [packing])];
}

function countText(entries: readonly SideEntry[], verb: string, sign: string): string {
  if (entries.length === 0) return "";
  return `${entries.length} ${verb} (${sign}${showSize(sizeOf(entries))})`;
}

function sizeText(what: string, sizes: readonly [number, number] | null): string {
  if (sizes === null || sizes[0] === sizes[1]) return "";
  return `${what} ${showSize(sizes[0])} -> ${showSize(sizes[1])}`;
}

/** Other entries are reason enough for other bytes. */
function packingText([before, after]: readonly [Packing, Packing], areEntriesSame: boolean): string {
  const [was, is] = [shapeOf(before), shapeOf(after)];
  if (was !== is) return `packed otherwise: ${was}; now ${is}`;
  return areEntriesSame ? `the bytes of the file differ all the same; both are ${is}` : "";
}

/** "3 members: plain, 2 zstd; in a uInitrd". */
function shapeOf({ members, wrapper }: Packing): string {
  const runs: { kind: string; count: number }[] = [];
  for (const kind of members) {
    if (runs.at(-1)?.kind === kind) runs.at(-1)!.count += 1;
    else runs.push({ kind, count: 1 });
  }
  const kinds = runs.map(({ kind, count }) => (count === 1 ? kind : `${count} ${kind}`)).join(", ");
  return `${showCount(members.length, "member")} (${kinds})${wrapper === null ? "" : ` in a ${wrapper}`}`;
}
