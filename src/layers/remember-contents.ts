/** Hands what was learned of files on to later builds. */
import type { Digest } from "../core/digest.ts";
import type { TreeName } from "../core/entry.ts";
import type { TargetPath } from "../core/path.ts";
import type { TreeMemory } from "../core/ports.ts";
import type { Plan } from "../plan/plan.ts";

/** `contents`: of the files that were read for their layers. */
export function rememberContents(
  plan: Plan,
  contents: ReadonlyMap<TargetPath, Digest>,
  memories: Readonly<Record<TreeName, TreeMemory>>,
): void {
  if (contents.size === 0) return;
  for (const { entries } of plan.layers) {
    for (const { entry } of entries) {
      if (entry.kind !== "file" || entry.source.from !== "tree") continue;
      const digest = contents.get(entry.path);
      const { tree, path, version } = entry.source;
      if (digest !== undefined) memories[tree].remember(path, { size: entry.size, version }, { digest });
    }
  }
}
