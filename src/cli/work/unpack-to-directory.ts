/** What an image unpacks to as a new directory of this machine. */
import { type HostPath, ROOT, showBytes } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import { roomIn } from "../../host/altered-copy.ts";
import { type Looks, type NewFile, NewTree } from "../../host/new-tree.ts";
import { processNames } from "../../host/processes.ts";
import { sizeOfItems, type TreeItem } from "../../inspect/tree-items.ts";
import type { UnpackedImage } from "../../inspect/unpack-image.ts";
import type { UnpackedNode } from "../../inspect/unpacked-tree.ts";
import { SignalGuard } from "../ending.ts";
import type { Unpacked } from "./unpack.ts";

export interface WantedDirectory {
  readonly path: HostPath;
  /** Whether it may have other names in it. */
  readonly isShared: boolean;
}

/** Bits that give rights to whoever runs a file. */
const SET_ID = 0o6000;

/** Throws BuildFailure; nothing is left then. */
export async function fillDirectory(
  { path, isShared }: WantedDirectory,
  unpacked: UnpackedImage,
  items: readonly TreeItem[],
): Promise<Unpacked> {
  const isRoot = process.geteuid?.() === 0;
  const order = { path, over: isShared ? "others" : "nothing", keepsOwners: isRoot } as const;
  let tree: NewTree | null = null;
  const signals = new SignalGuard(async () => tree?.discard());
  signals.listen();
  try {
    tree = new NewTree(order, processNames());
    requireRoom(tree, path, items);
    const skipped = await fill(tree, unpacked, items, isRoot);
    tree.commit();
    return { output: showBytes(path), skipped, remarks: isRoot ? [] : remarksOn(items) };
  } catch (error) {
    tree?.discard();
    throw error;
  } finally {
    signals.release();
  }
}

function requireRoom(tree: NewTree, path: HostPath, items: readonly TreeItem[]): void {
  const [needed, free] = [sizeOfItems(items), roomIn(tree.fill)];
  if (needed > free) throw new BuildFailure([{ code: "host/no-room", path, needed, free }]);
}

/** Directories, files, their further names, symlinks, and last the looks of directories, the innermost first. Gives what is left out. */
async function fill(
  tree: NewTree,
  unpacked: UnpackedImage,
  items: readonly TreeItem[],
  isRoot: boolean,
): Promise<TreeItem[]> {
  const looksOf = isRoot ? looks : looksForUser;
  const skipped: TreeItem[] = [];
  const directories = items.filter(({ node }) => node.kind === "directory");
  for (const { path } of directories) if (path !== ROOT) tree.makeDirectory(path);
  await unpacked.readData(items, fileWriter(tree, looksOf));
  for (const item of items) {
    const { path, node, linkTo } = item;
    if (node.kind === "file" && linkTo !== null) tree.makeLink(path, linkTo);
    else if (node.kind === "file" && node.data === null) tree.makeFile(path).close(looksOf(node));
    else if (!["file", "directory", "symlink"].includes(node.kind)) skipped.push(item);
  }
  for (const { path, node } of items)
    if (node.kind === "symlink") tree.makeSymlink(path, node.to, looks(node));
  for (const { path, node } of directories.toReversed())
    if (path !== ROOT) tree.dressDirectory(path, looks(node));
  tree.dressDirectory(ROOT, looks(unpacked.tree.nodeAt(ROOT)!));
  return skipped;
}

function fileWriter(tree: NewTree, looksOf: (node: UnpackedNode) => Looks) {
  let open: { readonly file: NewFile; readonly node: UnpackedNode } | null = null;
  return {
    begin: ({ path, node }: TreeItem) => {
      open = { file: tree.makeFile(path), node };
    },
    data: (piece: Uint8Array) => open!.file.write(piece),
    end: () => open!.file.close(looksOf(open!.node)),
    pause: () => new Promise<void>((done) => setImmediate(done)),
  };
}

function looks({ mode, uid, gid, mtime }: UnpackedNode): Looks {
  return { mode, uid, gid, mtime };
}

/** The file is the user's own then, and would lend out the user's rights in place of its owner's. */
function looksForUser(node: UnpackedNode): Looks {
  return { ...looks(node), mode: node.mode & ~SET_ID };
}

function remarksOn(items: readonly TreeItem[]): string[] {
  const owned = items.filter(({ node }) => node.uid !== 0 || node.gid !== 0).length;
  const set = items.filter(
    ({ node, linkTo }) => node.kind === "file" && linkTo === null && node.mode & SET_ID,
  ).length;
  return [
    ...(owned === 0 ? [] : [`owners were left out, of ${owned} that are not root's: only root can set them`]),
    ...(set === 0
      ? []
      : [`setuid and setgid bits were left out, of ${set} file${set === 1 ? "" : "s"}: they would be yours`]),
  ];
}
