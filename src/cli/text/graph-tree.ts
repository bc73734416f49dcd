/** The graph as a tree of lines: what is named in several places is shown once and mentioned elsewhere, by its number. */

import { type Branch, type ChainTree, chainTreeOf } from "../../draw/chain-tree.ts";
import type { DocumentNode, GraphDocument } from "../../draw/graph-document.ts";
import { amountBelow } from "./amount-below.ts";
import { showCount, showSize } from "./size.ts";
import { wrapText } from "./wrap.ts";

export interface TreeShape {
  /** How many steps from the recipe; null: all. */
  readonly depth: number | null;
  readonly columns: number;
}

/** Leaves of one directory that hang on one node are told in a paragraph, from so many on. */
const FEW = 4;
/** A longer chain is cut: nobody reads so far to the right. */
const DEEPEST = 100;

export function layoutGraphTree(document: GraphDocument, shape: TreeShape): string[] {
  const tree = chainTreeOf(document);
  const page: Page = { document, tree, shape, mentioned: mentionedIn(document, tree), lines: [] };
  for (const root of tree.roots) addRoot(root, page);
  return page.lines;
}

interface Page {
  readonly document: GraphDocument;
  readonly tree: ChainTree;
  readonly shape: TreeShape;
  /** Nodes that get a number before them. */
  readonly mentioned: ReadonlySet<number>;
  readonly lines: string[];
}

/** What a way only goes through is not mentioned: symlinks of directories stand in nearly every one. */
function mentionsOf(node: number, { document, tree }: Pick<Page, "document" | "tree">): number[] {
  const { children, mentions } = tree.branches[node]!;
  const all = mentions.filter((to) => !document.nodes[to]!.isDirectory);
  // What a symlink leads to stands behind its arrow.
  const isTold = document.nodes[node]!.kind === "symlink" && children.length === 0 && all.length === 1;
  return isTold ? [] : all;
}

/** Of a symlink: what it leads to, where that hangs elsewhere; null: nothing does. */
function targetElsewhere(node: number, { document, tree }: Page): number | null {
  const { children, mentions } = tree.branches[node]!;
  if (document.nodes[node]!.kind !== "symlink" || children.length > 0) return null;
  const all = mentions.filter((to) => !document.nodes[to]!.isDirectory);
  return all.length === 1 ? all[0]! : null;
}

function mentionedIn(document: GraphDocument, { branches }: ChainTree): Set<number> {
  const all = branches.flatMap(({ mentions }) => mentions);
  return new Set(all.filter((to) => !document.nodes[to]!.isDirectory));
}

function addRoot(root: number, page: Page): void {
  const only = page.shape.depth === 0 ? null : onlyChild(root, page);
  // A line of the recipe that brings one thing stands before it, in the same line.
  const head =
    only === null ? describe(root, page) : `${page.document.nodes[root]!.label}  ->  ${describe(only, page)}`;
  addNode({ node: only ?? root, head, first: "", rest: "" }, page);
}

/** Null: there are several, or none, or it refers to something else as well. */
function onlyChild(node: number, { document, tree }: Page): number | null {
  const branch = tree.branches[node]!;
  const [child] = branch.children;
  const isAll = branch.children.length === 1 && mentionsOf(node, { document, tree }).length === 0;
  return isAll ? child! : null;
}

interface Shown {
  readonly node: number;
  readonly head: string;
  /** What stands before its first line, and before those below. */
  readonly first: string;
  readonly rest: string;
}

function addNode({ node, head, first, rest }: Shown, page: Page): void {
  const end = endOfLink(node, page);
  const branch = page.tree.branches[end]!;
  const isCut = branch.depth >= depthOf(page) && branch.children.length > 0;
  page.lines.push(first + head + (isCut ? `  … ${showBelow(end, page)}` : ""));
  if (isCut) return;
  const items = itemsBelow(end, page);
  for (const [at, item] of items.entries()) {
    const isLast = at === items.length - 1;
    const inner = { first: `${rest}${isLast ? "└─ " : "├─ "}`, rest: `${rest}${isLast ? "   " : "│  "}` };
    if (item.kind === "node") addNode({ node: item.node, head: describe(item.node, page), ...inner }, page);
    else addParagraph(item.text, inner, page);
  }
}

function depthOf({ shape }: Page): number {
  return Math.min(shape.depth ?? DEEPEST, DEEPEST);
}

/** A symlink and what it leads to share a line where nothing else is to be told of the link. */
function endOfLink(node: number, page: Page): number {
  const { document, tree } = page;
  if (document.nodes[node]!.kind !== "symlink" || tree.branches[node]!.depth >= depthOf(page)) return node;
  const only = onlyChild(node, page);
  const isTarget = only !== null && tree.branches[only]!.by?.reason === "symlink";
  return isTarget && document.nodes[only]!.kind !== "symlink" ? only : node;
}

type Item =
  | { readonly kind: "node"; readonly node: number }
  | { readonly kind: "text"; readonly text: string };

function itemsBelow(node: number, page: Page): Item[] {
  const { whole, families } = partChildren(page.tree.branches[node]!, page);
  const also = mentionsOf(node, page);
  return [
    ...whole.map((node): Item => ({ kind: "node", node })),
    ...families.map((family): Item => ({ kind: "text", text: tellFamily(family, page) })),
    ...(also.length === 0 ? [] : [{ kind: "text", text: tellMentions(also, page) } as const]),
  ];
}

/** Children in one directory on which nothing hangs, and that mention the same. */
interface Family {
  readonly directory: string;
  readonly mentions: readonly number[];
  readonly members: number[];
}

function partChildren({ children }: Branch, page: Page): { whole: number[]; families: Family[] } {
  const { document, tree } = page;
  const families = new Map<string, Family>();
  const familyOf = new Map<number, Family>();
  for (const child of children) {
    const { path, kind } = document.nodes[child]!;
    const branch = tree.branches[child]!;
    if (path === undefined || kind === "tree" || branch.children.length > 0) continue;
    const mentions = mentionsOf(child, page).sort((a, b) => a - b);
    const directory = path.slice(0, path.lastIndexOf("/") + 1);
    const key = [directory, ...mentions].join("\0");
    const family = families.get(key) ?? { directory, mentions, members: [] };
    family.members.push(child);
    families.set(key, family);
    familyOf.set(child, family);
  }
  const whole = children.filter((child) => (familyOf.get(child)?.members.length ?? 0) < FEW);
  return { whole, families: [...families.values()].filter(({ members }) => members.length >= FEW) };
}

function tellFamily({ directory, members, mentions }: Family, page: Page): string {
  const { nodes } = page.document;
  const bytes = members.reduce((sum, member) => sum + nodes[member]!.bytes, 0);
  const names = members.map((member) => {
    const to = nodes[member]!.kind === "symlink" ? ` -> ${tellTarget(member, page)}` : "";
    return markOf(member, page) + nameOf(nodes[member]!) + to;
  });
  const each = mentions.length === 0 ? "" : `; each ${tellMentions(mentions, page)}`;
  return `${showCount(members.length, "entry", "entries")} in ${directory}  ${showSize(bytes)}: ${names.join(", ")}${each}`;
}

function tellMentions(mentions: readonly number[], page: Page): string {
  return `also ${mentions.map((to) => showMention(to, page)).join(", ")}`;
}

function addParagraph(text: string, { first, rest }: Pick<Shown, "first" | "rest">, page: Page): void {
  const [head = "", ...more] = wrapText(text, Math.max(page.shape.columns - first.length, 40));
  page.lines.push(first + head, ...more.map((line) => `${rest}${line}`));
}

/** `[402] /usr/lib/x86_64-linux-gnu/libc.so.6  1.9 MiB  needed`. */
function describe(id: number, page: Page): string {
  const { by } = page.tree.branches[id]!;
  const reason = by === null || by.reason === "named" ? "" : by.reason;
  const amount = amountOf(page.document.nodes[endOfLink(id, page)]!);
  return [markOf(id, page) + nameWhole(id, page), amount, reason].filter((part) => part !== "").join("  ");
}

function nameWhole(id: number, page: Page): string {
  const { kind, label } = page.document.nodes[id]!;
  if (kind === "symlink") return `${label} -> ${tellTarget(id, page)}`;
  return kind === "directory" || kind === "tree" ? `${label}/` : label;
}

/** As the link says it, where it stands beside what it leads to; else by its path in the image. */
function tellTarget(id: number, page: Page): string {
  const { nodes } = page.document;
  const to = nodes[id]!.to ?? "";
  const end = endOfLink(id, page);
  const target = end === id ? targetElsewhere(id, page) : end;
  if (target === null) return to;
  const { label } = nodes[target]!;
  const isBeside = label === nodes[id]!.label.replace(/[^/]*$/, to);
  return markOf(target, page) + (isBeside ? to : label);
}

function amountOf({ kind, entries, bytes }: DocumentNode): string {
  if (kind === "tree") return `${showCount(entries, "entry", "entries")}, ${showSize(bytes)}`;
  return kind === "file" ? showSize(bytes) : "";
}

function markOf(id: number, { mentioned }: Page): string {
  return mentioned.has(id) ? `[${id}] ` : "";
}

/** By its number where that is shown, else by its whole path. */
function showMention(id: number, page: Page): string {
  const { document, tree } = page;
  const isShown = tree.branches[id]!.depth <= depthOf(page);
  return isShown ? `[${id}] ${nameOf(document.nodes[id]!)}` : document.nodes[id]!.label;
}

function nameOf({ label, path }: DocumentNode): string {
  return path === undefined ? label : path.slice(path.lastIndexOf("/") + 1);
}

function showBelow(node: number, { document, tree }: Page): string {
  const { nodes, bytes } = amountBelow(node, document, tree);
  return `${showCount(nodes, "more", "more")} below, ${showSize(bytes)}`;
}
