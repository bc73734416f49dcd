/** What stands in a box: at most three texts, the first its title. */

import { directoryOfLabel, directoryOfNodes } from "./fold-parts.ts";
import type { DocumentNode, GraphDocument } from "./graph-document.ts";
import { placeOf } from "./links.ts";
import type { BoxKind } from "./picture.ts";
import { showCount, showSize } from "./sizes.ts";

type Part = readonly number[];
type Nodes = Pick<GraphDocument, "nodes">;

/** So many names of a box's files are told. */
const NAMES = 4;
/** So many characters of a text. */
const LONGEST = 48;

export function nameBox(part: Part, document: Nodes): string[] {
  return textsOf(part, document).map(shorten);
}

function textsOf(part: Part, document: Nodes): string[] {
  const { nodes } = document;
  const lines = part.filter((id) => nodes[id]!.kind === "recipe").map((id) => nodes[id]!);
  const rest = part.filter((id) => nodes[id]!.kind !== "recipe").map((id) => nodes[id]!);
  const [line] = lines;
  if (line !== undefined) {
    const title = lines.length === 1 ? nameLine(line) : nameLines(lines);
    const told = lines.length === 1 ? textOfLine(line) : placesOf(lines);
    return [title, told, ...(rest.length === 0 ? [] : [tellRest(rest)])].filter((text) => text !== "");
  }
  const [node] = rest;
  if (rest.length === 1)
    return [
      baseName(node!),
      [directoryOfLabel(node!.label), amountOf(node!)].filter((one) => one !== "").join("  "),
    ];
  if (rest.every(({ isDirectory }) => isDirectory))
    return ["symlinks of directories", namesOf(rest, ({ label }) => label)];
  const pair = linkAndTarget(rest);
  if (pair !== null)
    return [
      baseName(pair.link),
      `-> ${baseName(pair.target)}`,
      `${directoryOfLabel(pair.target.label)}  ${showSize(pair.target.bytes)}`,
    ];
  const tree = rest.find(({ kind }) => kind === "tree");
  if (tree !== undefined) return [baseName(tree), `${directoryOfLabel(tree.label)}  ${amountOf(tree)}`];
  const directory = directoryOfNodes(part, document);
  const many = showCount(rest.length, "entry", "entries");
  return [
    directory === null ? many : `${many} in ${directory}`,
    namesOf(rest, baseName),
    showSize(sumOf(rest)),
  ];
}

function linkAndTarget(rest: readonly DocumentNode[]): { link: DocumentNode; target: DocumentNode } | null {
  const link = rest.find(({ kind }) => kind === "symlink");
  const target = rest.find(({ kind }) => kind !== "symlink");
  return rest.length === 2 && link !== undefined && target !== undefined ? { link, target } : null;
}

function tellRest(rest: readonly DocumentNode[]): string {
  const entries = rest.reduce((sum, one) => sum + one.entries, 0);
  if (rest.length === 1) return `${rest[0]!.label}  ${amountOf(rest[0]!)}`;
  return `alone: ${showCount(entries, "entry", "entries")}, ${showSize(sumOf(rest))}`;
}

function amountOf({ kind, entries, bytes }: DocumentNode): string {
  if (kind === "tree") return tellAmount({ entries, bytes });
  return kind === "file" ? showSize(bytes) : "";
}

/** `12 entries, 4.0 KiB`. */
export function tellAmount({ entries, bytes }: Pick<DocumentNode, "entries" | "bytes">): string {
  return `${showCount(entries, "entry", "entries")}, ${showSize(bytes)}`;
}

function sumOf(rest: readonly DocumentNode[]): number {
  return rest.reduce((sum, { bytes }) => sum + bytes, 0);
}

function namesOf(rest: readonly DocumentNode[], nameOf: (node: DocumentNode) => string): string {
  const names = rest.slice(0, NAMES).map(nameOf);
  return names.join(", ") + (rest.length > NAMES ? " …" : "");
}

function baseName({ label, path }: DocumentNode): string {
  return path === undefined ? label : path.slice(path.lastIndexOf("/") + 1) || "/";
}

/** `1,139 lines of kernel/modules`. */
function nameLines(lines: readonly DocumentNode[]): string {
  const lists = new Set(lines.map(({ item = "" }) => item.replace(/\/[^/]*$/, "")));
  const [list] = lists;
  return `${showCount(lines.length, "line")} of ${lists.size === 1 && list !== "" ? list : "the recipe"}`;
}

/** `systemd.yaml:41`. */
function nameLine(line: DocumentNode): string {
  const place = placeOf(line);
  return place === null ? line.label : `${place.file.slice(place.file.lastIndexOf("/") + 1)}:${place.line}`;
}

function textOfLine({ at, label }: DocumentNode): string {
  return at === null || at === undefined ? "" : label.slice(at.length).trim();
}

/** `systemd.yaml: 14, 16-18`. */
function placesOf(lines: readonly DocumentNode[]): string {
  const places = lines.flatMap((line) => placeOf(line) ?? []);
  const [first] = places;
  if (first === undefined) return "";
  const numbers = [...new Set(places.filter(({ file }) => file === first.file).map(({ line }) => line))];
  const file = first.file.slice(first.file.lastIndexOf("/") + 1);
  return `${file}: ${runsOf(numbers.sort((a, b) => a - b)).join(", ")}`;
}

function runsOf(numbers: readonly number[]): string[] {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
}

/** A path is known by its end, all else by its beginning. */
function shorten(text: string): string {
  const characters = [...text];
  if (characters.length <= LONGEST) return text;
  if (text.startsWith("/")) return `…${characters.slice(1 - LONGEST).join("")}`;
  return `${characters.slice(0, LONGEST - 1).join("")}…`;
}

export function kindOfBox(part: Part, { nodes }: Nodes): BoxKind {
  const kinds = new Set(part.map((id) => nodes[id]!.kind));
  if (kinds.has("recipe")) return "line";
  if (kinds.has("tree")) return "tree";
  const [kind] = kinds;
  if (kinds.size === 2 && part.length === 2 && kinds.has("symlink")) return "file";
  if (part.length > 1) return "group";
  if (kind === "directory") return "directory";
  if (kind === "symlink") return "link";
  return kind === "file" || kind === "member" ? "file" : "device";
}
