/** A draft whose kernel modules come by `kernel`, as a person would write it, in place of objects; it has to give the same tree. */
import { nameOf, type TargetPath } from "../core/path.ts";
import type { Draft, Way } from "./draft.ts";

const MODULE = /^((?:usr\/)?lib\/modules\/([^/]+))\/.+\.ko(?:\.(?:gz|xz|zst))?$/;
/** What is written anew for just the image's modules. */
const INDEX = /^(?:usr\/)?lib\/modules\/[^/]+\/modules\.[a-z.]+$/;

/** Null: it has no modules, or those of several kernels. */
export function asKernel(draft: Draft): Draft | null {
  const modules: TargetPath[] = [];
  const roots = new Set<TargetPath>();
  let version = "";
  for (const [path, way] of draft.ways) {
    const [, root, name] = way === "object" ? (MODULE.exec(path) ?? []) : [];
    if (root === undefined || name === undefined) continue;
    modules.push(path);
    roots.add(root as TargetPath);
    version = name;
  }
  const [root] = roots;
  if (root === undefined || roots.size > 1) return null;
  const own = new Set(modules);
  const wayOf = (path: TargetPath, way: Way): Way =>
    way !== "packed" && (own.has(path) || isIndex(path)) ? "kernel" : way;
  const ways = new Map([...draft.ways].map(([path, way]) => [path, wayOf(path, way)]));
  return { ...draft, ways, kernel: { version, root, modules } };
}

/** The same draft with some of the kernel's indexes beside the recipe: they are not as they would be written. */
export function withOwnIndexes(draft: Draft, paths: readonly TargetPath[]): Draft {
  const ways = new Map(draft.ways);
  for (const path of paths) ways.set(path, "own");
  return { ...draft, ways };
}

export function isIndex(path: TargetPath): boolean {
  return INDEX.test(path);
}

/** As `kernel.modules` names it: a module by its name, a directory by its path below the kernel's. */
export function moduleName(path: TargetPath, root: TargetPath): string {
  const [name, extension] = nameOf(path).split(/(\.ko)/);
  return extension === undefined ? path.slice(root.length + 1) : name!;
}
