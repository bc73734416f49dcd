/** Which of a tree's kernels: the one that the recipe names, or the only one. */
import { compareBytes } from "../core/order.ts";
import { bytesOf, childOf, type TargetPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { KernelSpec } from "../spec/spec.ts";
import type { PathResolver } from "../trees/resolve-path.ts";

export interface KernelDirectory {
  readonly version: string;
  /** Without symlinks. */
  readonly directory: TargetPath;
  /** As it is called: `lib/modules/6.1.0`. */
  readonly written: TargetPath;
}

const PLACES = ["lib/modules", "usr/lib/modules"] as TargetPath[];

/** Throws BuildFailure (kernel/no-modules, kernel/version). */
export function pickVersion({ version: wanted, at }: KernelSpec, paths: PathResolver): KernelDirectory {
  const kernels = new Map<string, KernelDirectory>();
  for (const place of PLACES) {
    const top = paths.resolve(place);
    for (const version of top.facts?.kind === "directory" ? paths.tree.list(top.path) : []) {
      const to = paths.resolve(childOf(top.path, version));
      if (to.facts?.kind !== "directory" || kernels.has(version)) continue;
      kernels.set(version, { version, directory: to.path, written: childOf(place, version) });
    }
  }
  if (kernels.size === 0) {
    const searched = PLACES.map((place) => `/${place}`);
    throw new BuildFailure([{ code: "kernel/no-modules", at, tree: paths.tree.label, searched }]);
  }
  const [first] = kernels.values();
  const found = wanted === null && kernels.size === 1 ? first : kernels.get(bytesOf(wanted ?? ""));
  if (found !== undefined) return found;
  throw new BuildFailure([
    { code: "kernel/version", at, wanted, found: [...kernels.keys()].sort(compareBytes) },
  ]);
}
