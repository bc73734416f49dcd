/**
 * A graph as a tree: every node once, below the one that the shortest chain from the recipe comes from; what else refers to it
 * mentions it.
 */
import { standIns } from "./copied-trees.ts";
import type { DocumentReference, GraphDocument } from "./graph-document.ts";
import { linksOf, rootsOf } from "./links.ts";

export interface ChainTree {
  readonly roots: readonly number[];
  /** By the number of a node. */
  readonly branches: readonly Branch[];
}

export interface Branch {
  /** The reference that it hangs on; null: a root, or part of a copied tree. */
  readonly by: DocumentReference | null;
  readonly depth: number;
  readonly children: readonly number[];
  /** To which it refers too, and which hang elsewhere. */
  readonly mentions: readonly number[];
}

export function chainTreeOf(document: GraphDocument): ChainTree {
  const links = linksOf(document);
  const stands = standIns(document, links);
  const roots = [...new Set(rootsOf(document, links).map((root) => stands[root]!))];
  const targets = targetsOf(document, stands);
  const by: (DocumentReference | null)[] = document.nodes.map(() => null);
  const depths = new Map(roots.map((root) => [root, 0]));
  const children: number[][] = document.nodes.map(() => []);
  for (const [at, depth] of depths) {
    for (const [to, reference] of targets[at]!) {
      if (depths.has(to)) continue;
      depths.set(to, depth + 1);
      children[at]!.push(to);
      by[to] = reference;
    }
  }
  const branches = document.nodes.map(({ id }): Branch => {
    const own = new Set(children[id]);
    const mentions = [...targets[id]!.keys()].filter((to) => !own.has(to));
    return { by: by[id]!, depth: depths.get(id) ?? 0, children: children[id]!, mentions };
  });
  return { roots, branches };
}

/** Of each node what it refers to, itself or by its parts, with the first reference there. */
function targetsOf(
  { nodes, references }: GraphDocument,
  stands: readonly number[],
): Map<number, DocumentReference>[] {
  const targets = nodes.map(() => new Map<number, DocumentReference>());
  for (const reference of references) {
    const [from, to] = [stands[reference.from]!, stands[reference.to]!];
    if (from !== to && !targets[from]!.has(to)) targets[from]!.set(to, reference);
  }
  return targets;
}
