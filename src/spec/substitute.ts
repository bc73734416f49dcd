/**
 * `${NAME}` in the texts of a recipe. Only names of capital letters are meant: `${name}`, `$NAME`, `${NAME:-x}`
 * and `$$` are what shells write, and stay. `$${NAME}` is the text `${NAME}`.
 */
import type { SpecProblem } from "../core/problems/spec.ts";
import type { Span } from "../core/span.ts";
import { nearestOf } from "./nearest.ts";
import type { Place, Places } from "./places.ts";
import { isByPath, withinLayer } from "./seen-paths.ts";
import { type Located, shorten } from "./source-text.ts";
import type { Variable, Variables } from "./variables.ts";
import type { LocatedValue, YamlValue } from "./yaml-values.ts";

const REFERENCE = /\$(\$?)\{([A-Z_][A-Z0-9_]*)\}/g;

/** Characters of all texts that variables stand in: a few of them can mean any amount. */
export const SUBSTITUTED_LIMIT = 8 * 1024 * 1024;

/** A text that means `text` itself, whatever variables there are. */
export function withoutReferences(text: string): string {
  return text.replaceAll(REFERENCE, (found) => `$${found}`);
}

interface Occurrence {
  readonly at: Located;
  readonly variables: Variables;
  readonly isInInclude: boolean;
}

export class Substituter {
  readonly problems: SpecProblem[] = [];
  readonly #places: Places;
  /** Where the values begin that could not be made: what they are taken for is no further problem. */
  readonly #broken = new Set<string>();
  #characters = 0;

  constructor(places: Places) {
    this.#places = places;
  }

  /** A file's values; what they include and declare is looked at elsewhere. */
  all(located: LocatedValue, variables: Variables): LocatedValue {
    if (!located.at.text.text.includes("${")) return located;
    return { ...located, value: this.#value(located.value, [], located.at, variables) };
  }

  /** The path of an include. */
  include(text: string, at: Located, variables: Variables): string | null {
    return this.#text(text, { at, variables, isInInclude: true });
  }

  isBroken(at: Span): boolean {
    return this.#broken.has(keyOf(at));
  }

  #value(value: YamlValue, way: readonly string[], at: Located, variables: Variables): YamlValue {
    if (typeof value === "string") return this.#scalar(value, at, variables);
    if (typeof value !== "object" || value === null) return value;
    const members = new Map<string | number, Place>();
    const made: object = Array.isArray(value) ? [] : Object.create(null);
    for (const [key, member] of Object.entries(value)) {
      const index = Array.isArray(value) ? Number(key) : null;
      const place = this.#places.place(value, index ?? key);
      const name = index ?? this.#key(key, way, place, variables);
      const read = isReadBefore(way, key)
        ? member
        : this.#value(member, [...way, key], place.value, variables);
      this.#checkTwice(name, place, members);
      const isMade = typeof member === "string" && read !== member;
      const variable = isMade ? wholeOf(member) : null;
      const source = isMade ? (lookup(variable, variables)?.written ?? String(read)) : place.source;
      members.set(name, { ...place, source, variable });
      (made as Record<string | number, YamlValue>)[name] = read;
    }
    this.#places.set(made, members);
    return made as YamlValue;
  }

  /** A value that is nothing but a variable is of the variable's type. */
  #scalar(text: string, at: Located, variables: Variables): YamlValue {
    const read = this.#text(text, { at, variables, isInInclude: false });
    if (read === null) return text;
    return lookup(wholeOf(text), variables)?.value ?? read;
  }

  #checkTwice(name: string | number, { key }: Place, members: ReadonlyMap<string | number, Place>): void {
    const first = members.get(name)?.key;
    if (!first || !key) return;
    const before = this.#places.span(first);
    const shown = shorten(String(name));
    this.problems.push({ code: "spec/duplicate-key", at: this.#places.span(key), key: shown, first: before });
  }

  /** Of all keys only those that are paths of the image. */
  #key(key: string, way: readonly string[], { key: at }: Place, variables: Variables): string {
    const within = withinLayer(way);
    const isPath = within.length === 1 && isByPath(within[0]);
    return (isPath && at ? this.#text(key, { at, variables, isInInclude: false }) : null) ?? key;
  }

  /** Null where there is a problem with it. */
  #text(text: string, { at, variables, isInInclude }: Occurrence): string | null {
    let length = text.length;
    let isComplete = true;
    const missing = new Set<string>();
    for (const [found, dollar, name = ""] of text.matchAll(REFERENCE)) {
      if (dollar !== "") continue;
      const variable = variables.get(name);
      if (variable === undefined) missing.add(name);
      isComplete &&= Boolean(variable);
      length += (variable?.written.length ?? 0) - found.length;
    }
    for (const name of missing) this.#notDeclared(name, { at, variables, isInInclude });
    if (isComplete && length !== text.length) isComplete = this.#isInBounds(length, at);
    if (!isComplete) {
      this.#broken.add(keyOf(this.#places.span(at)));
      return null;
    }
    return text.replaceAll(REFERENCE, (found, dollar: string, name: string) =>
      dollar === "" ? variables.get(name)!.written : found.slice(1),
    );
  }

  #notDeclared(name: string, { at, variables, isInInclude }: Occurrence): void {
    // What an alias brings does not stand here.
    const offset = at.text.text.slice(at.start, at.end).indexOf(`\${${name}}`);
    const start = at.start + offset;
    const range = offset === -1 ? at : { start, end: start + name.length + 3 };
    const span = at.text.spanOf(range);
    const nearest = nearestOf(name, [...variables.keys()]);
    this.problems.push({
      code: "spec/undefined-variable",
      at: span,
      name: shorten(name),
      nearest,
      isInInclude,
    });
  }

  #isInBounds(length: number, at: Located): boolean {
    const was = this.#characters;
    this.#characters += length;
    if (this.#characters <= SUBSTITUTED_LIMIT) return true;
    const span = this.#places.span(at);
    if (was <= SUBSTITUTED_LIMIT)
      this.problems.push({
        code: "spec/too-many-values",
        at: span,
        limit: SUBSTITUTED_LIMIT,
        unit: "characters",
      });
    return false;
  }
}

/** The name of the variable that a text is, and nothing more. */
function wholeOf(text: string): string | null {
  return /^\$\{([A-Z_][A-Z0-9_]*)\}$/.exec(text)?.[1] ?? null;
}

function lookup(name: string | null, variables: Variables): Variable | null {
  return name === null ? null : (variables.get(name) ?? null);
}

function keyOf({ file, line, column }: Span): string {
  return `${line}:${column}:${file}`;
}

/** What leads to other recipes, and what they declare, is known by then. */
function isReadBefore(way: readonly string[], key: string): boolean {
  if (way.length === 0) return key === "include" || key === "vars";
  return way.length === 2 && way[0] === "layers" && key === "use";
}
