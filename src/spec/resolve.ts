/**
 * A recipe as it is meant, in one piece: what it includes merged in, variables in their places, paths seen from
 * the recipe that was asked for, the command line's words over it. It is a recipe again, and means the same.
 */
import { bytesOf, decodeUtf8, type HostPath, parseHostPath, relativeHostPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import { rowOf } from "./compressor.ts";
import { isChosen, isMatrix } from "./interpret-kernel.ts";
import type { LoadedRecipe, RecipeInput } from "./load.ts";
import type { Place, Places } from "./places.ts";
import { RECIPE_SCHEMA, type Recipe } from "./schema.ts";
import { isByPath, seenPathIn, type Way, withinLayer } from "./seen-paths.ts";
import { withoutReferences } from "./substitute.ts";
import type { YamlValue } from "./yaml-values.ts";

/** Where a value was said: a place in a recipe, or what stands over all recipes. */
export type ValueOrigin = Span | "--set" | "--sysroot" | "--compressor" | "--kernel" | "SOURCE_DATE_EPOCH";

/** A value with the origin of each that has no parts. */
export type ResolvedValue =
  | {
      readonly kind: "single";
      readonly value: string | number | boolean | null;
      readonly origin: ValueOrigin;
    }
  | { readonly kind: "empty"; readonly value: "list" | "map"; readonly origin: ValueOrigin }
  | { readonly kind: "list"; readonly items: readonly ResolvedValue[] }
  | { readonly kind: "map"; readonly members: readonly (readonly [key: string, value: ResolvedValue])[] };

/** The keys in the order of the schema; those that nobody says are left out. */
export function resolveRecipe(loaded: LoadedRecipe, input: RecipeInput): ResolvedValue {
  const { recipe, places } = loaded;
  const said = new Map<string, ResolvedValue>();
  const resolver = new Resolver(places, input.directory);
  for (const [key, value] of Object.entries(recipe)) {
    said.set(key, resolver.value([key], value as YamlValue, places.place(recipe, key)));
  }
  const variables = [...loaded.variables].flatMap(([name, variable]) => {
    if (variable === null) return [];
    const isAsWritten = String(variable.value) === variable.written;
    const value = isAsWritten ? variable.value : variable.written;
    return [[name, { kind: "single", value, origin: variable.at ?? "--set" }] as const];
  });
  if (variables.length > 0) said.set("vars", { kind: "map", members: variables });
  override(said, loaded, input);
  const keys = Object.keys(RECIPE_SCHEMA.shape).filter((key) => said.has(key));
  return { kind: "map", members: keys.map((key) => [key, said.get(key)!]) };
}

/** What the command line and the environment say in place of the recipe; see interpret-image.ts. */
function override(said: Map<string, ResolvedValue>, loaded: LoadedRecipe, input: RecipeInput): void {
  const { spec } = loaded;
  const { sysroot, compressor, kernel } = input.overrides;
  if (kernel !== null) overrideKernels(said, loaded, kernel);
  if (sysroot !== null) said.set("sysroot", single(decodeUtf8(sysroot) ?? sysroot, "--sysroot"));
  if (compressor !== null) {
    const row = rowOf(spec.image.compressor.name);
    said.set("compressor", single(compressor, "--compressor"));
    said.delete("compressorArgs");
    if (row !== null) said.delete("extension");
    if (row?.uboot) said.delete("uInitrdCompression");
  }
  if (!said.has("epoch") && input.sourceDateEpoch !== null) {
    said.set("epoch", single(spec.image.epoch, "SOURCE_DATE_EPOCH"));
  }
}

/** Each kernel that is chosen is the one version; of several it is part of the image's name. */
function overrideKernels(said: Map<string, ResolvedValue>, { spec, recipe }: LoadedRecipe, version: string) {
  const ofMatrix = isMatrix(recipe);
  const chosen = (value: ResolvedValue, kernel: Recipe["kernel"]): ResolvedValue => {
    if (value.kind === "list" || value.kind === "single" || kernel === undefined) return value;
    if (!isChosen(kernel, ofMatrix)) return value;
    const members = value.kind === "map" ? value.members : [];
    const others = members.filter(([key]) => key !== "version" && key !== "versions");
    return { kind: "map", members: [["version", single(version, "--kernel")], ...others] };
  };
  if (ofMatrix) said.set("name", single(spec.name, "--kernel"));
  const own = said.get("kernel");
  if (own !== undefined) said.set("kernel", chosen(own, recipe.kernel));
  const layers = said.get("layers");
  if (layers?.kind !== "list") return;
  const items = layers.items.map((layer, index): ResolvedValue => {
    if (layer.kind !== "map") return layer;
    const { kernel } = recipe.layers![index]!;
    const members = layer.members.map(
      ([key, value]) => [key, key === "kernel" ? chosen(value, kernel) : value] as const,
    );
    return { kind: "map", members };
  });
  said.set("layers", { kind: "list", items });
}

function single(value: string | number, origin: ValueOrigin): ResolvedValue {
  return { kind: "single", value: typeof value === "string" ? withoutReferences(value) : value, origin };
}

class Resolver {
  readonly #places: Places;
  readonly #directory: HostPath;

  constructor(places: Places, directory: HostPath) {
    this.#places = places;
    this.#directory = directory;
  }

  value(way: Way, value: YamlValue, place: Place): ResolvedValue {
    if (typeof value !== "object" || value === null) {
      const origin = this.#places.span(place.value);
      return { kind: "single", value: this.#single(way, value, place), origin };
    }
    const parts = Object.entries(value);
    if (parts.length === 0) {
      const origin = this.#places.span(place.key ?? place.value);
      return { kind: "empty", value: Array.isArray(value) ? "list" : "map", origin };
    }
    if (Array.isArray(value)) {
      const items = value.map((item, at) => this.value([...way, at], item, this.#places.place(value, at)));
      return { kind: "list", items };
    }
    const members = parts.map(([key, part]) => {
      const within = withinLayer(way);
      const shown = within.length === 1 && isByPath(within[0]) ? withoutReferences(key) : key;
      return [shown, this.value([...way, key], part, this.#places.place(value, key))] as const;
    });
    return { kind: "map", members };
  }

  #single(way: Way, value: string | number | boolean | null, place: Place) {
    // A mode is what its digits say, not what YAML reads in them.
    if (way.at(-1) === "mode" && typeof value === "number") return place.source ?? value;
    if (typeof value !== "string") return value;
    const { directory } = place.value.text;
    const path = directory === this.#directory ? null : seenPathIn(way, value);
    const seen = path === null ? value : `${this.#from(path, directory)}${value.slice(path.length)}`;
    return withoutReferences(seen);
  }

  /** The same path, seen from the recipe's directory. */
  #from(path: string, directory: HostPath): string {
    const seen = relativeHostPath(parseHostPath(bytesOf(path), directory)!, this.#directory);
    return decodeUtf8(seen) ?? seen;
  }
}
