/**
 * A recipe's values against its schema, with a problem for each that does not fit. zod judges the single
 * values; lists, maps and choices are walked here, so that a message is about the form that was meant, the
 * place of a key is known, and what is well formed goes on to the later checks.
 */
import { z } from "zod";
import type { SpecProblem } from "../core/problems/spec.ts";
import { correctionOf, describe, nearestName } from "./describe.ts";
import { nearestOf } from "./nearest.ts";
import type { Place, Places } from "./places.ts";
import { RECIPE_SCHEMA, type Recipe } from "./schema.ts";
import { type Located, shorten } from "./source-text.ts";
import { isMap, type LocatedValue, type YamlMap, type YamlValue } from "./yaml-values.ts";

export interface CheckedShape {
  /** What is well formed: the others are left out, and have a problem each. */
  readonly recipe: Recipe;
  readonly problems: readonly SpecProblem[];
  /** Top-level keys that the recipe has, well formed or not. */
  readonly mentioned: ReadonlySet<string>;
}

export function checkShape(located: LocatedValue): CheckedShape {
  const check = new ShapeCheck(located.places);
  const whole: Position = { path: "", place: { key: null, value: located.at, source: null, variable: null } };
  const recipe = check.value(RECIPE_SCHEMA, located.value, whole);
  if (recipe !== BROKEN && check.problems.length === 0) RECIPE_SCHEMA.parse(recipe); // the two must agree
  const mentioned = isMap(located.value) ? Object.keys(located.value) : [];
  return {
    recipe: recipe === BROKEN ? {} : (recipe as Recipe),
    problems: check.problems,
    mentioned: new Set(mentioned),
  };
}

const BROKEN = Symbol("broken");
type Checked = YamlValue | typeof BROKEN;
type ObjectSchema = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

interface Position {
  /** For messages: `contents[0].object`. */
  readonly path: string;
  readonly place: Place;
}

class ShapeCheck {
  readonly problems: SpecProblem[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  value(schema: z.core.$ZodType, value: YamlValue, where: Position): Checked {
    if (schema instanceof z.ZodOptional) return this.value(schema.unwrap(), value, where);
    if (schema instanceof z.ZodNullable)
      return value === null ? null : this.value(schema.unwrap(), value, where);
    if (schema instanceof z.ZodUnion) return this.#choice(schema, value, where);
    if (schema instanceof z.ZodArray) return this.#list(schema, value, where);
    if (schema instanceof z.ZodRecord) return this.#record(schema, value, where);
    if (schema instanceof z.ZodObject) return this.#map(schema, value, where);
    return this.#single(schema as z.ZodType, value, where);
  }

  #single(schema: z.ZodType, value: YamlValue, where: Position): Checked {
    const issue = schema.safeParse(value).error?.issues[0];
    if (!issue) return value;
    const isOfType = issue.code !== "invalid_type" && typeof value === typeOf(schema);
    if (!isOfType) return this.#wrongType(issue.message, value, where, schema);
    const known = schema instanceof z.ZodEnum ? schema.options.map(String) : null;
    this.problems.push({
      code: "spec/bad-value",
      at: this.#at(where.place.value),
      key: where.path,
      expected: known && known.length <= 8 ? `one of ${known.join(", ")}` : issue.message,
      found: describe(value, where.place),
      nearest: known && typeof value === "string" ? nearestName(value, known) : null,
    });
    return BROKEN;
  }

  #list(schema: z.ZodArray, value: YamlValue, where: Position): Checked {
    if (!Array.isArray(value)) return this.#wrongType("a list", value, where);
    const kept: number[] = [];
    const items: YamlValue[] = [];
    for (const [index, item] of value.entries()) {
      const place = this.#places.place(value, index);
      const checked = this.value(schema.element, item, { path: `${where.path}[${index}]`, place });
      if (checked === BROKEN) continue;
      kept.push(index);
      items.push(checked);
    }
    if (value.length === 0) return this.#minimum(schema, value, where);
    this.#places.copy(value, items, kept);
    return items;
  }

  /** A list may want one item at least. */
  #minimum(schema: z.ZodArray, value: YamlValue[], where: Position): Checked {
    const issue = schema.safeParse(value).error?.issues[0];
    return issue ? this.#wrongType(issue.message, value, where) : value;
  }

  #record(schema: z.ZodRecord, value: YamlValue, where: Position): Checked {
    if (!isMap(value)) return this.#wrongType("a map", value, where);
    const kept: Record<string, YamlValue> = Object.create(null);
    for (const [key, member] of Object.entries(value)) {
      const place = this.#places.place(value, key);
      const path = `${where.path}[${shorten(key)}]`;
      const checked = this.value(schema.valueType, member, { path, place });
      if (checked !== BROKEN && this.#isKey(schema, key, { path: where.path, place })) kept[key] = checked;
    }
    this.#places.copy(value, kept, Object.keys(kept));
    return kept;
  }

  #isKey({ keyType }: z.ZodRecord, key: string, { path, place }: Position): boolean {
    const issue = z.safeParse(keyType, key).error?.issues[0];
    if (!issue) return true;
    const folded = key.toUpperCase().replaceAll(/[-. ]/g, "_");
    this.problems.push({
      code: "spec/bad-value",
      at: this.#at(place.key ?? place.value),
      key: path,
      expected: issue.message,
      found: `the name "${shorten(key)}"`,
      nearest: z.safeParse(keyType, folded).success ? folded : null,
    });
    return false;
  }

  #map(schema: ObjectSchema, value: YamlValue, where: Position): Checked {
    if (!isMap(value)) return this.#wrongType("a map", value, where);
    const kept: Record<string, YamlValue> = Object.create(null);
    let isWhole = true;
    for (const [key, member] of Object.entries(value)) {
      const place = this.#places.place(value, key);
      const memberSchema = Object.hasOwn(schema.shape, key) ? schema.shape[key]! : null;
      if (memberSchema === null) this.#unknownKey(key, place, Object.keys(schema.shape));
      const path = where.path === "" ? key : `${where.path}.${key}`;
      const checked = memberSchema === null ? BROKEN : this.value(memberSchema, member, { path, place });
      if (checked !== BROKEN) kept[key] = checked;
      else if (memberSchema && !(memberSchema instanceof z.ZodOptional)) isWhole = false;
    }
    for (const [key, memberSchema] of Object.entries(schema.shape)) {
      if (memberSchema instanceof z.ZodOptional || Object.hasOwn(value, key)) continue;
      this.problems.push({ code: "spec/missing-key", at: this.#atHead(value, where), key, of: where.path });
      isWhole = false;
    }
    this.#places.copy(value, kept, Object.keys(kept));
    return isWhole ? kept : BROKEN;
  }

  #unknownKey(key: string, place: Place, known: readonly string[]): void {
    const at = this.#at(place.key ?? place.value);
    this.problems.push({
      code: "spec/unknown-key",
      at,
      key: shorten(key),
      nearest: nearestOf(key, known),
      known,
    });
  }

  /** Of several forms, the one that was meant: for a map the form whose first key it has. */
  #choice(schema: z.ZodUnion, value: YamlValue, where: Position): Checked {
    const forms = schema.options as readonly z.ZodType[];
    if (!isMap(value)) {
      const fitting = forms.find((form) => !(form instanceof z.ZodObject) && form.safeParse(value).success);
      if (fitting) return value;
      const sameType = forms.filter(
        (form) => !(form instanceof z.ZodObject) && typeOf(form) === typeof value,
      );
      if (sameType.length === 1) return this.#single(sameType[0]!, value, where);
      return this.#wrongType(errorOf(schema, value), value, where, forms[0]);
    }
    const maps = forms.filter((form) => form instanceof z.ZodObject) as ObjectSchema[];
    if (maps.length === 0) return this.#wrongType(errorOf(schema, value), value, where);
    if (maps.length === 1) return this.#map(maps[0]!, value, where);
    return this.#kind(maps, value, where);
  }

  #kind(forms: readonly ObjectSchema[], value: YamlMap, where: Position): Checked {
    const kinds = forms.map((form) => Object.keys(form.shape)[0]!);
    const found = Object.keys(value).filter((key) => kinds.includes(key));
    if (found.length === 1) return this.#map(forms[kinds.indexOf(found[0]!)]!, value, where);
    const known = [...new Set(forms.flatMap((form) => Object.keys(form.shape)))];
    const unknown = Object.keys(value).filter((key) => !known.includes(key));
    for (const key of unknown) this.#unknownKey(key, this.#places.place(value, key), known);
    if (found.length === 0 && unknown.length > 0) return BROKEN; // most likely the kind, misspelt
    const at = found[1] ? this.#at(this.#places.place(value, found[1]).key!) : this.#atHead(value, where);
    this.problems.push({ code: "spec/one-kind", at, key: where.path, kinds, found });
    return BROKEN;
  }

  #wrongType(expected: string, value: YamlValue, where: Position, schema?: z.ZodType): typeof BROKEN {
    const { place } = where;
    const found = describe(value, place);
    const write = schema ? correctionOf(schema, value, place) : null;
    this.problems.push({
      code: "spec/wrong-type",
      at: this.#at(place.value),
      key: where.path,
      expected,
      found,
      write,
    });
    return BROKEN;
  }

  /** Where a map lacks something: its first key, which stands on the line where the eye looks for it. */
  #atHead(value: YamlMap, where: Position): ReturnType<Places["span"]> {
    const first = Object.keys(value)[0];
    const range = first === undefined ? null : this.#places.place(value, first).key;
    return this.#at(range ?? where.place.value);
  }

  #at(range: Located): ReturnType<Places["span"]> {
    return this.#places.span(range);
  }
}

function typeOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return "string";
  if (schema instanceof z.ZodNumber) return "number";
  return "boolean";
}

function errorOf(schema: z.ZodType, value: YamlValue): string {
  return schema.safeParse(value).error!.issues[0]!.message;
}
