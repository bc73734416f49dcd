/** The first guess: what the sysroot has at the same place and as it is comes from there, the rest is the recipe's own. */
import { type Digest, startDigest } from "../core/digest.ts";
import { decodeUtf8, type TargetPath } from "../core/path.ts";
import type { FileFacts, Tree } from "../core/ports.ts";
import { piecesOf } from "../formats/byte-source.ts";
import { sourceOfFile } from "../trees/open-source.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { type AdoptedItem, differenceOf, SYMLINK_MODE } from "./adopted-item.ts";
import type { Draft, Way } from "./draft.ts";

const LARGEST_MAJOR = 4095;
const LARGEST_MINOR = 1_048_575;
const STORE = "nix/store/";
const PIECE = 2 ** 20;

export function firstDraft(items: readonly AdoptedItem[], sysroot: Tree): Draft {
  const resolver = new PathResolver(sysroot);
  const ways = new Map<TargetPath, Way>();
  for (const item of items) if (item.kind !== "directory") ways.set(item.path, wayOf(item, resolver));
  return {
    ways,
    directories: new Set(),
    allow: [],
    withoutDlopen: false,
    withoutLoaderCache: false,
    kernel: null,
    store: hasWholeStore(items, ways, resolver) ? "whole" : "files",
  };
}

function wayOf(item: AdoptedItem, sysroot: PathResolver): Way {
  if (!isSayable(item)) return "packed";
  const { path, facts } = sysroot.resolveParent(`/${item.path}`);
  // The recipe's own paths go where the sysroot's symlinks lead, and the image has it where they do not.
  if (path !== item.path) return "packed";
  if (facts === null || !isSame(item, facts, sysroot)) return "own";
  const leadsTo = item.kind === "symlink" ? sysroot.resolve(`/${item.path}`) : null;
  return leadsTo?.facts?.kind === "directory" && !item.path.startsWith(STORE) ? "layout" : "object";
}

/** Whether a recipe has words for it. */
function isSayable({ kind, path, to, major, minor }: AdoptedItem): boolean {
  const areTexts = [path, to].every(
    (text) => decodeUtf8(text) !== null && !/[\u0000-\u001f\u007f]/.test(text),
  );
  const hasTarget = kind !== "symlink" || to !== "";
  return areTexts && hasTarget && kind !== "socket" && major <= LARGEST_MAJOR && minor <= LARGEST_MINOR;
}

function isSame(item: AdoptedItem, facts: FileFacts, sysroot: PathResolver): boolean {
  const { path } = item;
  const isLink = facts.kind === "symlink";
  const there: AdoptedItem = {
    ...facts,
    path,
    mode: isLink ? SYMLINK_MODE : modeOf(path, facts),
    to: isLink ? sysroot.readLink(path) : item.to,
    digest: null,
  };
  if (facts.uncarried !== null || differenceOf(item, there) !== null) return false;
  return item.digest === null || item.digest === digestOf(sysroot.tree, path);
}

/** What is in a store has Nix's modes. */
function modeOf(path: TargetPath, { mode, kind }: FileFacts): number {
  if (!path.startsWith(STORE) || kind === "symlink") return mode;
  return kind === "directory" || (mode & 0o111) !== 0 ? 0o555 : 0o444;
}

function digestOf(tree: Tree, path: TargetPath): Digest {
  const source = sourceOfFile(tree.open(path));
  try {
    const digest = startDigest();
    for (const piece of piecesOf(source, 0, source.size, PIECE)) digest.update(piece);
    return digest.finish();
  } finally {
    source.close();
  }
}

/** Whether all that the store of the sysroot has of the image's store paths is in the image. */
function hasWholeStore(
  items: readonly AdoptedItem[],
  ways: ReadonlyMap<TargetPath, Way>,
  sysroot: PathResolver,
): boolean {
  const known = new Set(items.map(({ path }) => path));
  const roots = new Set<TargetPath>();
  for (const { path } of items) {
    const [, root] = /^(nix\/store\/[^/]+)/.exec(path) ?? [];
    if (root !== undefined) roots.add(root as TargetPath);
    if (root !== undefined && ways.get(path) === "own") return false;
  }
  const todo = [...roots];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (!known.has(at)) return false;
    if (sysroot.stat(at)?.kind !== "directory") continue;
    for (const name of sysroot.tree.list(at)) todo.push(`${at}/${name}` as TargetPath);
  }
  return true;
}
