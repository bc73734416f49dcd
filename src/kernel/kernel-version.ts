/** Which of a tree's kernels: the one that the recipe names, the only one, or all that it is for. */
import picomatch from "picomatch";
import { compareBytes } from "../core/order.ts";
import { bytesOf, childOf, type TargetPath } from "../core/path.ts";
import { BuildFailure, ProblemCollector } from "../core/problem.ts";
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

/** Throws BuildFailure (kernel/several, kernel/no-modules, kernel/version). */
export function pickVersion(spec: KernelSpec, paths: PathResolver): KernelDirectory {
  const { version: wanted, versions, at } = spec;
  if (versions !== null) throw new BuildFailure([{ code: "kernel/several", at: versions[0]?.at ?? at }]);
  const kernels = kernelsOf(spec, paths);
  const [first] = kernels.values();
  const found = wanted === null && kernels.size === 1 ? first : kernels.get(bytesOf(wanted ?? ""));
  if (found !== undefined) return found;
  throw new BuildFailure([
    { code: "kernel/version", at, wanted, found: [...kernels.keys()].sort(compareBytes) },
  ]);
}

/** What a kernel can be called; what else lies among the modules, no glob means. */
const RELEASE = /^[\x21-\x7e]{1,64}$/;
const MAGIC = /[*?[\]{}!()]/;

/**
 * The kernels that a recipe is for: in its order, those of a glob in byte order, each once. Null: for one, whichever.
 * Throws BuildFailure (kernel/no-modules, kernel/version) with all that name no kernel.
 */
export function listVersions({ versions, at }: KernelSpec, paths: PathResolver): string[] | null {
  if (versions === null) return null;
  const kernels = kernelsOf({ at }, paths);
  const found = [...kernels.keys()].sort(compareBytes);
  const problems = new ProblemCollector();
  const wanted = versions.flatMap(({ glob, at }) => {
    const isCalled = MAGIC.test(glob) && !kernels.has(bytesOf(glob)) ? picomatch(glob) : null;
    const matching = found.filter((version) =>
      isCalled === null ? version === bytesOf(glob) : RELEASE.test(version) && isCalled(version),
    );
    if (matching.length === 0) problems.add({ code: "kernel/version", at, wanted: glob, found });
    return isCalled === null ? [glob] : matching;
  });
  problems.throwIfAny();
  return [...new Set(wanted)];
}

function kernelsOf({ at }: Pick<KernelSpec, "at">, paths: PathResolver): Map<string, KernelDirectory> {
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
  return kernels;
}
