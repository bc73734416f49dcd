/** The trees that a build reads, each opened once. */
import { openRoot } from "../archives/open-root.ts";
import type { ArchivePorts } from "../archives/ports.ts";
import type { TreeName } from "../core/entry.ts";
import { type HostPath, hostPathOf, showBytes, type TargetPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import type { Spec } from "../spec/spec.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { inHostTree } from "./roots/place.ts";

export type SourceTrees = Readonly<Record<TreeName, Tree>>;

/** A machine without a store is no fault as long as nothing names a store path: then it is an empty tree. */
export async function openTrees(spec: Spec, ports: ArchivePorts): Promise<SourceTrees> {
  const machine = ports.host.tree("/" as HostPath);
  const sysroot = await openRoot(spec.sysroot, spec.arch, ports);
  return { sysroot, store: openStoreTree(spec, sysroot, machine, ports), host: machine };
}

function openStoreTree(
  { sysroot: root, store }: Spec,
  sysroot: Tree,
  machine: Tree,
  { host }: ArchivePorts,
): Tree {
  const isDirectory = new PathResolver(machine).resolve(inHostTree(store.root)).facts?.kind === "directory";
  if (isDirectory) return host.tree(store.root);
  // The store of a root tree that is kept in an archive.
  const isInside = store.root === hostPathOf(root, store.directory);
  const inside = isInside ? new PathResolver(sysroot).resolve(`/${store.directory}`) : null;
  if (inside?.facts?.kind === "directory") return treeBelow(sysroot, inside.path, store.root);
  return emptyTree(showBytes(store.root));
}

function treeBelow(tree: Tree, directory: TargetPath, label: string): Tree {
  const at = (path: TargetPath): TargetPath =>
    [directory, path].filter((part) => part !== "").join("/") as TargetPath;
  return {
    label,
    identity: `${tree.identity} ${directory}`,
    stat: (path) => tree.stat(at(path)),
    readLink: (path) => tree.readLink(at(path)),
    list: (path) => tree.list(at(path)),
    open: (path, why) => tree.open(at(path), why),
  };
}

function emptyTree(label: string): Tree {
  const nothing = (): never => {
    throw new TypeError(`nothing can be read in ${label}`);
  };
  return { label, identity: "nothing", stat: () => null, readLink: nothing, list: nothing, open: nothing };
}
