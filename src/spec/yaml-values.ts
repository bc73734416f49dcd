/**
 * The tree of the `yaml` package to plain values with their places, aliases followed. Problems: keys that
 * are no text or stand twice, merge keys (YAML 1.1), aliases that lead nowhere, into themselves, or
 * to more values than a recipe can mean.
 */
import { type Alias, isAlias, isMap as isMapNode, isScalar, isSeq, type ParsedNode, type Scalar } from "yaml";
import type { SpecProblem } from "../core/problems/spec.ts";
import type { Place, Places } from "./places.ts";
import { type Located, type SourceText, shorten } from "./source-text.ts";
import { DEPTH_LIMIT } from "./yaml-document.ts";

export type YamlValue = null | boolean | number | string | YamlValue[] | YamlMap;
export type YamlMap = { [key: string]: YamlValue };

/** All values of a recipe's file, those that aliases repeat counted every time. */
export const VALUE_LIMIT = 100_000;

export interface LocatedValue {
  readonly value: YamlValue;
  /** The place of the whole. */
  readonly at: Located;
  readonly places: Places;
}

/** The places are added to those of other files. */
export function readValues(
  root: ParsedNode,
  source: SourceText,
  places: Places,
): LocatedValue | readonly SpecProblem[] {
  const reader = new ValueReader(source, places);
  reader.check(root);
  if (reader.problems.length > 0) return reader.problems;
  const value = reader.read(root, 0);
  if (reader.problems.length > 0) return reader.problems;
  return { value, at: { text: source, ...rangeOf(root) }, places };
}

class ValueReader {
  readonly problems: SpecProblem[] = [];
  readonly places: Places;
  readonly #source: SourceText;
  /** Anchors met so far; an alias means the last one before it. */
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #targets = new Map<Alias, ParsedNode>();
  /** What is being read, for aliases that stand inside what they name. */
  readonly #open = new Set<ParsedNode>();
  #count = 0;

  constructor(source: SourceText, places: Places) {
    this.#source = source;
    this.places = places;
  }

  /** Looks at every node once, in the order of the text. */
  check(node: ParsedNode | null): void {
    if (node === null) return;
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target) this.#targets.set(node, target);
      else this.problems.push({ code: "spec/unknown-alias", at: this.#at(node), name: node.source });
      return;
    }
    if (node.anchor) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) this.#checkCharacters(node);
    if (isSeq(node)) for (const item of node.items) this.check(item as ParsedNode);
    if (isMapNode(node)) {
      const seen = new Map<string, ParsedNode>();
      for (const pair of node.items) {
        this.#checkKey(pair.key as ParsedNode, seen);
        this.check(pair.value as ParsedNode | null);
      }
    }
  }

  read(node: ParsedNode | null, depth: number): YamlValue {
    if (node === null || this.#isTooMuch(node, depth)) return null;
    if (isAlias(node)) return this.#followAlias(node, depth);
    if (isScalar(node)) return node.value as YamlValue;
    this.#open.add(node);
    const value: YamlValue = isSeq(node) ? [] : {};
    const members = new Map<string | number, Place>();
    for (const [index, item] of node.items.entries()) {
      const pair = isSeq(node) ? null : (item as { key: Scalar.Parsed; value: ParsedNode | null });
      const child = pair ? pair.value : (item as ParsedNode);
      const name = pair ? (pair.key.value as string) : index;
      members.set(name, this.#placeOf(pair ? pair.key : null, child));
      const read = this.read(child, depth + 1);
      // A key may be "__proto__", which plain assignment would swallow.
      Object.defineProperty(value, name, {
        value: read,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    this.places.set(value as object, members);
    this.#open.delete(node);
    return value;
  }

  #followAlias(alias: Alias.Parsed, depth: number): YamlValue {
    const target = this.#targets.get(alias)!;
    if (!this.#open.has(target)) return this.read(target, depth);
    this.problems.push({ code: "spec/alias-loop", at: this.#at(alias), name: alias.source });
    return null;
  }

  /** Aliases of aliases can mean billions of values in a few lines, or reach any depth. */
  #isTooMuch(node: ParsedNode, depth: number): boolean {
    if (this.problems.length > 0) return true; // one of these is enough, and it must end soon
    this.#count++;
    const isTooDeep = depth > DEPTH_LIMIT;
    if (!isTooDeep && this.#count <= VALUE_LIMIT) return false;
    const at = this.#at(node);
    if (isTooDeep) this.problems.push({ code: "spec/too-deep", at, limit: DEPTH_LIMIT });
    else this.problems.push({ code: "spec/too-many-values", at, limit: VALUE_LIMIT, unit: "values" });
    return true;
  }

  #checkKey(key: ParsedNode, seen: Map<string, ParsedNode>): void {
    this.check(key);
    if (!isScalar(key) || typeof key.value !== "string") {
      const found = isScalar(key)
        ? shorten(key.source || "nothing")
        : isAlias(key)
          ? "an alias"
          : "a list or map";
      this.problems.push({ code: "spec/bad-key", at: this.#at(key), found });
      return;
    }
    if (key.value === "<<" && key.type === "PLAIN") {
      this.problems.push({ code: "spec/merge-key", at: this.#at(key) });
    }
    const first = seen.get(key.value);
    if (first) {
      const shown = shorten(key.value);
      const before = this.#at(first);
      this.problems.push({ code: "spec/duplicate-key", at: this.#at(key), key: shown, first: before });
    } else seen.set(key.value, key);
  }

  /** "\ud800" in quotes makes half a character, which no file can hold. */
  #checkCharacters(node: Scalar.Parsed): void {
    const half = typeof node.value === "string" && /\p{Surrogate}/u.exec(node.value);
    if (!half) return;
    const character = half[0].charCodeAt(0);
    this.problems.push({ code: "spec/control-character", at: this.#at(node), character });
  }

  #placeOf(key: Scalar.Parsed | null, value: ParsedNode | null): Place {
    const target = value && isAlias(value) ? this.#targets.get(value)! : value;
    const source = target && isScalar(target) ? (target.source ?? null) : null;
    const variable = null; // see substitute.ts
    const keyRange = key ? this.#rangeOf(key) : null;
    const nowhere = { text: this.#source, start: 0, end: 0 };
    return { key: keyRange, value: this.#valueRange(value) ?? keyRange ?? nowhere, source, variable };
  }

  /** Null for a value that is not written at all: its key is the better place. */
  #valueRange(value: ParsedNode | null): Located | null {
    if (value === null || (isScalar(value) && value.source === "" && value.type === "PLAIN")) return null;
    return this.#rangeOf(value);
  }

  #rangeOf(node: ParsedNode): Located {
    return { text: this.#source, ...rangeOf(node) };
  }

  #at(node: ParsedNode): ReturnType<SourceText["spanOf"]> {
    return this.#source.spanOf(rangeOf(node));
  }
}

function rangeOf(node: ParsedNode): Pick<Located, "start" | "end"> {
  const [start, end] = node.range;
  return { start, end: Math.max(end, start) };
}

export function isMap(value: YamlValue): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
