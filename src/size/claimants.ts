/**
 * Who would bring an entry: the node that did, and each that would have, had it not been there already: the file's own
 * node, and every directory that is copied whole with the file in it. It goes when all of them are gone.
 */
import { ancestorsOf, type TargetPath } from "../core/path.ts";
import type { TracedImage } from "../trace/traced-image.ts";

/** For each entry, their numbers; none for an entry that no node brought. */
export function claimantsOf({ entries, references }: TracedImage): number[][] {
  const files = new Map<TargetPath, number>();
  const trees = new Map<TargetPath, number>();
  for (const [number, { node }] of references.nodes.entries()) {
    if (node.kind !== "recipe") (node.kind === "tree" ? trees : files).set(node.path, number);
  }
  const wholeAbove = (path: TargetPath): number[] => {
    if (trees.size === 0) return [];
    return [...ancestorsOf(path), path].flatMap((one) => trees.get(one) ?? []);
  };
  return entries.map(({ node, path, original }) => {
    if (node === null) return [];
    const own = files.get(path) ?? files.get(original) ?? node;
    return [...new Set([node, own, ...wholeAbove(path), ...(original === path ? [] : wholeAbove(original))])];
  });
}
