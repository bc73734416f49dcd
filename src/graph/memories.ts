/** What earlier builds learned of the trees that a build reads, and of the image's view of them. */
import type { Digest } from "../core/digest.ts";
import type { ContentSource, Entry, FileEntry, TreeName } from "../core/entry.ts";
import type { InputMemory, TreeMemory } from "../core/ports.ts";
import type { ImageTree } from "./image-tree.ts";
import { type FileMemory, PLAIN_SCAN } from "./scan-file.ts";
import type { SourceTrees } from "./trees.ts";

export type TreeMemories = Readonly<Record<TreeName, TreeMemory>>;

export function openMemories({ sysroot, store, host }: SourceTrees, memory: InputMemory): TreeMemories {
  return {
    sysroot: memory.of(sysroot.identity),
    store: memory.of(store.identity),
    host: memory.of(host.identity),
  };
}

/** A file of the image is remembered where its bytes are kept; what stands in the recipe is not. */
export function imageMemory(tree: ImageTree, memories: TreeMemories): FileMemory {
  const placeOf = (source: ContentSource) => {
    return source.from === "tree" ? { memory: memories[source.tree], path: source.path } : null;
  };
  return {
    recall: (path, facts) => {
      const place = placeOf(tree.sourceOf(path, facts));
      return place === null ? null : place.memory.recall(place.path, facts);
    },
    remember: (path, facts, learned) => {
      const place = placeOf(tree.sourceOf(path, facts));
      place?.memory.remember(place.path, facts, learned);
    },
  };
}

/** What was in the files that were read for their layers, for later builds. All but those of the store were looked at. */
export function rememberContents(
  entries: Iterable<{ readonly entry: Entry }>,
  contents: ReadonlyMap<FileEntry, Digest>,
  memories: TreeMemories,
): void {
  for (const { entry } of entries) {
    if (entry.kind !== "file" || entry.source.from !== "tree") continue;
    const digest = contents.get(entry);
    if (digest === undefined) continue;
    const { tree, path, version } = entry.source;
    const look = { size: entry.size, version };
    const scan = memories[tree].recall(path, look)?.scan ?? (tree === "store" ? null : PLAIN_SCAN);
    memories[tree].remember(path, look, { digest, scan });
  }
}
