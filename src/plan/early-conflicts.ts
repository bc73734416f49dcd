/**
 * Prepended archives are unpacked first, and what follows may destroy what they brought: a directory over a
 * symlink replaces it, a file over a directory is lost (boot-tested on kernels 5.10 to 7.2).
 */
import type { Entry } from "../core/entry.ts";
import { showPath, type TargetPath } from "../core/path.ts";
import type { Problem } from "../core/problem.ts";
import { showPlace } from "../core/span.ts";
import type { EarlySegment } from "../inspect/early.ts";

export function earlyConflicts(entries: readonly Entry[], early: readonly EarlySegment[]): Problem[] {
  if (early.length === 0) return [];
  const kinds = new Map<TargetPath, Entry["kind"]>(entries.map((entry) => [entry.path, entry.kind]));
  return early.flatMap((segment) =>
    segment.entries.flatMap(({ path, kind }): Problem[] => {
      const later = kinds.get(path);
      if (later === undefined || later === kind) return [];
      const first = { what: `a ${kind}`, origin: `${showPlace(segment.at)}` };
      const second = { what: `a ${later}`, origin: `the contents of the recipe, at ${showPath(path)}` };
      return [{ code: "plan/overlays-early", path, first, second }];
    }),
  );
}
