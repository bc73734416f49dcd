/**
 * The files of a recipe as one: lists one behind the other, maps key by key; of other values the including
 * file's, and where no one of them includes the others, all must say the same. Every value keeps its place.
 */
import type { SpecProblem } from "../core/problems/spec.ts";
import type { CheckedShape } from "./check-shape.ts";
import { undominated } from "./dominance.ts";
import { LayerFiles } from "./merge-layers.ts";
import type { Place, Places } from "./places.ts";
import type { ReadRecipe } from "./read-recipes.ts";
import type { Recipe } from "./schema.ts";
import { isByPath, seenPathIn, type Way } from "./seen-paths.ts";
import { shorten } from "./source-text.ts";
import { isMap, type YamlMap, type YamlValue } from "./yaml-values.ts";

export interface CheckedFile {
  readonly by: ReadRecipe;
  readonly shape: CheckedShape;
}

export interface MergedRecipe {
  /** Without `include` and `vars`; its layers without `use`. */
  readonly recipe: Recipe;
  /** Keys that some file says of the whole, well formed or not. */
  readonly mentioned: ReadonlySet<string>;
  readonly problems: readonly SpecProblem[];
}

/** In the order in which they are merged; the last includes or uses all others. */
export function mergeRecipes(files: readonly CheckedFile[], places: Places): MergedRecipe {
  const root = files.at(-1)!.by;
  const merge = new Merge(places, root.file);
  const layers = new LayerFiles(files, places, merge);
  const own = new Set(layers.includedBy(root));
  const maps = files.map(({ by, shape }) => {
    const isOwn = own.has(by);
    const keys = Object.keys(shape.recipe).filter((key) => (isOwn ? !APART.has(key) : SHARED.has(key)));
    return { by, map: places.pick(shape.recipe as YamlMap, keys) as YamlMap };
  });
  const recipe = maps.length === 1 ? maps[0]!.map : merge.maps([], maps);
  layers.putInto(recipe, root);
  const mentioned = files.flatMap(({ by, shape }) => (own.has(by) ? [...shape.mentioned] : []));
  return { recipe: recipe as Recipe, mentioned: new Set(mentioned), problems: merge.problems };
}

/** Merged in ways of their own. */
const APART: ReadonlySet<string> = new Set(["include", "vars", "layers"]);
/** How things are looked up: of a recipe that a layer uses, this counts for all. */
const SHARED: ReadonlySet<string> = new Set<keyof Recipe>([
  "sysroot",
  "arch",
  "storeDir",
  "storeRoot",
  "layout",
  "closure",
  "allow",
  "silence",
]);

export interface MapOf {
  readonly by: ReadRecipe;
  readonly map: YamlMap;
}

/** One file's value of a key. */
interface Saying {
  readonly by: ReadRecipe;
  readonly value: YamlValue;
  readonly place: Place;
}

export class Merge {
  readonly problems: SpecProblem[] = [];
  readonly #places: Places;
  readonly #root: string;

  constructor(places: Places, root: string) {
    this.#places = places;
    this.#root = root;
  }

  maps(way: Way, maps: readonly MapOf[]): YamlMap {
    const merged: YamlMap = Object.create(null);
    const members = new Map<string, Place>();
    for (const key of new Set(maps.flatMap(({ map }) => Object.keys(map)))) {
      const sayings = maps.flatMap(({ by, map }) => {
        if (!Object.hasOwn(map, key)) return [];
        return [{ by, value: map[key]!, place: this.#places.place(map, key) }];
      });
      const { value, place } = this.#one([...way, key], sayings as [Saying, ...Saying[]]);
      merged[key] = value;
      members.set(key, place);
    }
    this.#places.set(merged, members);
    return merged;
  }

  #one(way: Way, sayings: readonly [Saying, ...Saying[]]): Pick<Saying, "value" | "place"> {
    const last = sayings.at(-1)!;
    if (sayings.length === 1) return last;
    if (!isWhole(way)) {
      const values = sayings.map(({ value }) => value);
      if (values.every(isList)) return { value: this.#list(values), place: last.place };
      if (values.every(isMap)) {
        const maps = sayings.map(({ by, value }) => ({ by, map: value as YamlMap }));
        return { value: this.maps(way, maps), place: last.place };
      }
    }
    const winners = undominated(sayings) as [Saying, ...Saying[]];
    if (winners.length < sayings.length) return this.#one(way, winners);
    const [first, ...others] = winners;
    for (const other of others) {
      if (isSame(way, first, other)) continue;
      const [before, at] = [first, other].map(({ place }) => this.#places.span(place.key ?? place.value));
      this.problems.push({
        code: "spec/conflict",
        at: at!,
        key: showWay(way),
        first: before!,
        above: this.#root,
      });
    }
    return last;
  }

  #list(lists: readonly YamlValue[][]): YamlValue[] {
    const all: YamlValue[] = [];
    const members = new Map<number, Place>();
    for (const list of lists) {
      for (const [index, item] of list.entries()) {
        members.set(all.length, this.#places.place(list, index));
        all.push(item);
      }
    }
    this.#places.set(all, members);
    return all;
  }
}

/** What has parts but is one value: a half of one and a half of another mean nothing. */
function isWhole([first, second, ...more]: Way): boolean {
  if (isByPath(first)) return second !== undefined && more.length === 0;
  if (first === "closure") return second === "references";
  return first === "compressor" || first === "compressorArgs" || first === "store";
}

/** Word for word, and paths that are seen from the same directory. */
function isSame(way: Way, a: Saying, b: Saying): boolean {
  const areSeenAlike = a.place.value.text.directory === b.place.value.text.directory;
  return isSameValue(way, a.value, b.value, areSeenAlike);
}

function isSameValue(way: Way, a: YamlValue, b: YamlValue, areSeenAlike: boolean): boolean {
  if (typeof a === "string") return a === b && (areSeenAlike || seenPathIn(way, a) === null);
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return a === b;
  const keys = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => {
    const [first, second] = [a, b].map((one) => (one as YamlMap)[key]);
    return second !== undefined && isSameValue([...way, key], first!, second, areSeenAlike);
  });
}

function isList(value: YamlValue): value is YamlValue[] {
  return Array.isArray(value);
}

/** `kernel.version`, `files[/etc/motd]`. */
function showWay([first, ...more]: Way): string {
  const isPath = isByPath(first);
  return [first, ...more.map((part) => (isPath ? `[${shorten(String(part))}]` : `.${part}`))].join("");
}
