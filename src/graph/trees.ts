/** The trees that a build reads, each opened once. */
import type { TreeName } from "../core/entry.ts";
import { type HostPath, showBytes } from "../core/path.ts";
import type { Host, Tree } from "../core/ports.ts";
import type { Spec } from "../spec/spec.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { inHostTree } from "./roots/place.ts";

export type SourceTrees = Readonly<Record<TreeName, Tree>>;

/** A machine without a store is no fault as long as nothing names a store path: then it is an empty tree. */
export function openTrees(spec: Spec, host: Pick<Host, "tree">): SourceTrees {
  const machine = host.tree("/" as HostPath);
  const hasStore = new PathResolver(machine).resolve(inHostTree(spec.store.root)).facts?.kind === "directory";
  const store = hasStore ? host.tree(spec.store.root) : emptyTree(showBytes(spec.store.root));
  return { sysroot: host.tree(spec.sysroot), store, host: machine };
}

function emptyTree(label: string): Tree {
  const nothing = (): never => {
    throw new TypeError(`nothing can be read in ${label}`);
  };
  return { label, stat: () => null, readLink: nothing, list: nothing, open: nothing };
}
