/**
 * The layers of a recipe's files as one list: a layer that uses another recipe becomes that recipe's layers and one
 * of its parts. What several ways lead to is one layer, at its first place.
 */
import type { CheckedFile, MapOf, Merge } from "./merge.ts";
import type { Place, Places } from "./places.ts";
import type { ReadRecipe } from "./read-recipes.ts";
import { LAYER_PARTS } from "./schema-layers.ts";
import type { YamlMap } from "./yaml-values.ts";

interface PlacedLayer {
  readonly layer: YamlMap;
  readonly place: Place;
}

export class LayerFiles {
  readonly #files: ReadonlyMap<ReadRecipe, CheckedFile>;
  readonly #places: Places;
  readonly #merge: Merge;
  /** Layers as they are written; of one that is just another recipe's under a name, that. */
  readonly #met = new Set<YamlMap | string>();

  constructor(files: readonly CheckedFile[], places: Places, merge: Merge) {
    this.#files = new Map(files.map((file) => [file.by, file]));
    this.#places = places;
    this.#merge = merge;
  }

  /** A file and all that it includes, in the order in which they are merged. */
  includedBy(file: ReadRecipe): ReadRecipe[] {
    const reached = new Set<ReadRecipe>([file]);
    for (const one of reached) for (const included of one.includes) reached.add(included);
    return [...this.#files.keys()].filter((one) => reached.has(one));
  }

  putInto(recipe: YamlMap, root: ReadRecipe): void {
    const layers = this.#layersOf(root);
    if (layers.length === 0) return;
    const list = layers.map(({ layer }) => layer);
    this.#places.set(list, new Map(layers.map(({ place }, index) => [index, place])));
    const said = this.includedBy(root).map((by) => this.#files.get(by)!.shape.recipe);
    const first = said.find((one) => one.layers !== undefined)!;
    this.#places.add(recipe, "layers", this.#places.place(first, "layers"));
    recipe["layers"] = list;
  }

  #layersOf(file: ReadRecipe): PlacedLayer[] {
    return this.includedBy(file).flatMap((by) => {
      const list = (this.#files.get(by)!.shape.recipe.layers ?? []) as YamlMap[];
      return list.flatMap((layer, index) => {
        const used = by.uses.get(String(layer["use"]));
        const isUsedAsItIs = used !== undefined && Object.keys(layer).length === 2;
        const key = isUsedAsItIs ? `${layer["name"]} ${used.file}` : layer;
        if (this.#met.has(key)) return [];
        this.#met.add(key);
        const place = this.#places.place(list, index);
        if (used === undefined) return [{ layer, place }];
        return [...this.#layersOf(used), { layer: this.#withParts({ by, map: layer }, used), place }];
      });
    });
  }

  /** What a layer says itself, over the parts of the recipe that it uses. */
  #withParts({ by, map }: MapOf, used: ReadRecipe): YamlMap {
    const parts = this.includedBy(used).map((one) => {
      const recipe = this.#files.get(one)!.shape.recipe as YamlMap;
      return { by: one, map: this.#pick(recipe, LAYER_PARTS) };
    });
    return this.#merge.maps([], [...parts, { by, map: this.#pick(map, ["name", "budget", ...LAYER_PARTS]) }]);
  }

  #pick(map: YamlMap, keys: readonly string[]): YamlMap {
    const said = keys.filter((key) => Object.hasOwn(map, key));
    return this.#places.pick(map, said) as YamlMap;
  }
}
