/** All roots of a recipe: what it places at paths of its own, and what it names in the trees. */
import type { TargetPath } from "../../core/path.ts";
import type { ProblemCollector } from "../../core/problem.ts";
import type { Spec } from "../../spec/spec.ts";
import type { LinkMet } from "../../trees/resolve-path.ts";
import { type NodeId, type ReferenceGraph, recipeNode } from "../references.ts";
import { contentsRoots, type NamedObject, type ObjectTrees, sourceOrigin } from "./contents.ts";
import { type Placement, placeFile } from "./place.ts";

export interface RecipeRoots {
  readonly named: readonly NamedObject[];
  readonly placed: readonly SettledPlacement[];
}

/** A placement where the image's layout puts it, with the symlinks of the layout that lead there. */
export interface SettledPlacement extends Placement {
  readonly layout: readonly LinkMet[];
}

/** Adds a node for every item of the recipe. Items that are at fault go into `problems` and have no roots. */
export function recipeRoots(
  spec: Spec,
  trees: ObjectTrees,
  graph: ReferenceGraph,
  problems: ProblemCollector,
): RecipeRoots {
  const named: NamedObject[] = [];
  const placed: Placement[] = [];
  const addNode = (place: string, at: Placement["at"]): NodeId => {
    const id = recipeNode(place);
    graph.addNode(id, { kind: "recipe", at, label: place });
    return id;
  };
  for (const [index, item] of spec.contents.entries()) {
    const by = addNode(`contents/${index}`, item.at);
    const roots = problems.attempt(() => contentsRoots(item, by, spec, trees));
    named.push(...(roots?.named ?? []));
    placed.push(...(roots?.placed ?? []));
  }
  for (const item of spec.files) {
    const by = addNode(`files/${item.target}`, item.at);
    const { content } = item;
    const placements = problems.attempt(() => {
      const source = content.kind === "source" ? sourceOrigin(content.source, by, item.at, trees) : null;
      return placeFile(item, by, source);
    });
    placed.push(...(placements ?? []));
  }
  return { named, placed: settle(placed, spec, trees) };
}

/**
 * Where the image takes programs from the sysroot, it takes its layout too: what the recipe places below
 * /bin goes where the sysroot's /bin leads. An image of store paths alone knows nothing of that layout.
 */
function settle(placed: readonly Placement[], spec: Spec, trees: ObjectTrees): SettledPlacement[] {
  const usesSysroot = spec.contents.some((item) => item.object.in === "sysroot");
  return placed.map((placement) => {
    if (!usesSysroot) return { ...placement, layout: [] };
    const { path, links } = trees.sysroot.resolveParent(placement.path);
    return { ...placement, path, layout: links };
  });
}

/** As make-initrd.sh begins: empty. */
export const MAKE_INITRD_DIRECTORIES: readonly TargetPath[] = ["dev", "proc", "sys"] as TargetPath[];
