/** Where the values of a recipe stand in the text of its files: kept beside the plain values, not within them. */
import type { HostPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { Located } from "./source-text.ts";

/** One member of a map or a list. */
export interface Place {
  /** Null in a list. */
  readonly key: Located | null;
  readonly value: Located;
  /** A scalar as it is written, before YAML reads a number into it; null for lists and maps. */
  readonly source: string | null;
  /** The variable that it is, by name; null: it is written here. */
  readonly variable: string | null;
}

export type Members = ReadonlyMap<string | number, Place>;

/** The places of the members of every map and list, found by the value itself. */
export class Places {
  readonly #members = new WeakMap<object, Members>();

  set(container: object, members: Members): void {
    this.#members.set(container, members);
  }

  /** A list or map without its broken members takes the places of the others along. */
  copy(from: object, to: object, kept: readonly (string | number)[]): void {
    const members = kept.map((name, index) => {
      return [Array.isArray(to) ? index : name, this.place(from, name)] as const;
    });
    this.#members.set(to, new Map(members));
  }

  /** Some members of a map, with their places. */
  pick<T extends object>(map: T, keys: readonly (keyof T & string)[]): Partial<T> {
    const picked: Partial<T> = Object.create(null);
    for (const key of keys) picked[key] = map[key];
    this.copy(map, picked, keys);
    return picked;
  }

  /** One member more. */
  add(container: object, member: string | number, place: Place): void {
    this.#members.set(container, new Map([...(this.#members.get(container) ?? []), [member, place]]));
  }

  place(container: object, member: string | number): Place {
    const place = this.#members.get(container)?.get(member);
    if (!place) throw new TypeError(`no place for ${JSON.stringify(member)}`);
    return place;
  }

  ofValue(container: object, member: string | number): Span {
    return this.span(this.place(container, member).value);
  }

  /** Of the key; of the value in a list. */
  ofKey(container: object, member: string | number): Span {
    const place = this.place(container, member);
    return this.span(place.key ?? place.value);
  }

  /** Where the file lies that the value stands in: what `./` in it means. */
  directoryOf(container: object, member: string | number): HostPath {
    return this.place(container, member).value.text.directory;
  }

  span(range: Located): Span {
    return range.text.spanOf(range);
  }
}
