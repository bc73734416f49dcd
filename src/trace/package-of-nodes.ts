/** Which package each node of a graph is of: a file's own, and of a copied tree the one that most of its entries are of. */
import { compareText } from "../core/order.ts";
import type { TargetPath } from "../core/path.ts";
import type { TracedImage } from "./traced-image.ts";

/** By the number of the node; null: of none that is known. */
export function packagesOfNodes(
  { entries, references }: TracedImage,
  ownerOf: (path: TargetPath) => string | null,
): (string | null)[] {
  const counts = references.nodes.map(() => new Map<string, number>());
  for (const { node, path, kind } of entries) {
    const owner = node === null || kind === "directory" ? null : ownerOf(path);
    if (owner !== null) counts[node!]!.set(owner, (counts[node!]!.get(owner) ?? 0) + 1);
  }
  return references.nodes.map(({ node }, number) => {
    const [first] = [...counts[number]!].sort(([a, many], [b, more]) => more - many || compareText(a, b));
    if (first !== undefined) return first[0];
    return node.kind === "recipe" ? null : ownerOf(node.path);
  });
}
