/** All roots of a layer: what it places at paths of its own, and what it names in the trees. */
import type { ProblemCollector } from "../../core/problem.ts";
import type { LayerSpec, Spec } from "../../spec/spec.ts";
import type { LinkMet } from "../../trees/resolve-path.ts";
import { type NodeId, type ReferenceGraph, recipeNode } from "../references.ts";
import { contentsRoots, type NamedObject, type ObjectTrees, sourceOrigin } from "./contents.ts";
import { type Placement, placeFile } from "./place.ts";

export interface LayerRoots {
  readonly named: readonly NamedObject[];
  readonly placed: readonly SettledPlacement[];
}

/** A placement where the image's layout puts it, with the symlinks of the layout that lead there. */
export interface SettledPlacement extends Placement {
  readonly layout: readonly LinkMet[];
}

/** Adds a node for every item of the layer. Items that are at fault go into `problems` and have no roots. */
export function layerRoots(
  spec: Spec,
  number: number,
  trees: ObjectTrees,
  graph: ReferenceGraph,
  problems: ProblemCollector,
): LayerRoots {
  const named: NamedObject[] = [];
  const placed: Placement[] = [];
  const layer = spec.layers[number]!;
  const addNode = (part: string, at: Placement["at"]): NodeId => {
    const place = placeIn(layer, part);
    const id = recipeNode(place);
    graph.addNode(id, { kind: "recipe", at, label: place });
    return id;
  };
  for (const [index, item] of layer.contents.entries()) {
    const by = addNode(`contents/${index}`, item.at);
    const roots = problems.attempt(() => contentsRoots(item, by, spec, trees));
    named.push(...(roots?.named ?? []));
    placed.push(...(roots?.placed ?? []));
  }
  for (const item of layer.files) {
    const by = addNode(`files/${item.target}`, item.at);
    const { content } = item;
    const placements = problems.attempt(() => {
      const source = content.kind === "source" ? sourceOrigin(content.source, by, item.at, trees) : null;
      return placeFile(item, by, source);
    });
    placed.push(...(placements ?? []));
  }
  return { named, placed: settle(placed, spec.layers.slice(0, number + 1), trees) };
}

/** What an item of a layer is called: `contents/3`, `layers/base/contents/3`. */
export function placeIn({ name, at }: LayerSpec, part: string): string {
  return at === null ? part : `layers/${name}/${part}`;
}

/**
 * Where the image takes programs from the sysroot, it takes its layout too: what the recipe places below
 * /bin goes where the sysroot's /bin leads. An image of store paths alone knows nothing of that layout.
 */
function settle(
  placed: readonly Placement[],
  layers: readonly LayerSpec[],
  trees: ObjectTrees,
): SettledPlacement[] {
  const usesSysroot = layers.some(({ contents }) => contents.some(({ object }) => object.in === "sysroot"));
  return placed.map((placement) => {
    if (!usesSysroot) return { ...placement, layout: [] };
    const { path, links } = trees.sysroot.resolveParent(placement.path);
    return { ...placement, path, layout: links };
  });
}
