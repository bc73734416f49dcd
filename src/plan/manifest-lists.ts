/** What a manifest lists of a plan, item by item. `contents`: of the files that were read for their layer. */
import type { Digest } from "../core/digest.ts";
import type { FileEntry } from "../core/entry.ts";
import { manifestEntries } from "./manifest-entries.ts";
import { manifestNodes, manifestReferences } from "./manifest-references.ts";
import type { Plan } from "./plan.ts";

export function manifestLists(plan: Plan, contents: ReadonlyMap<FileEntry, Digest>) {
  return [
    { name: "entries", items: () => manifestEntries(plan, contents) },
    { name: "nodes", items: () => manifestNodes(plan.references) },
    { name: "references", items: () => manifestReferences(plan.references) },
  ];
}
