/** Where the values of a recipe stand in its text: kept beside the plain values, not within them. */
import type { Span } from "../core/span.ts";
import type { SourceText, TextRange } from "./source-text.ts";

/** One member of a map or a list. */
export interface Place {
  /** Null in a list. */
  readonly key: TextRange | null;
  readonly value: TextRange;
  /** A scalar as it is written, before YAML reads a number into it; null for lists and maps. */
  readonly source: string | null;
}

export type Members = ReadonlyMap<string | number, Place>;

/** The places of the members of every map and list, found by the value itself. */
export class Places {
  readonly #source: SourceText;
  readonly #members = new WeakMap<object, Members>();

  constructor(source: SourceText) {
    this.#source = source;
  }

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

  place(container: object, member: string | number): Place {
    const place = this.#members.get(container)?.get(member);
    if (!place) throw new TypeError(`no place for ${JSON.stringify(member)}`);
    return place;
  }

  ofValue(container: object, member: string | number): Span {
    return this.#source.spanOf(this.place(container, member).value);
  }

  /** Of the key; of the value in a list. */
  ofKey(container: object, member: string | number): Span {
    const place = this.place(container, member);
    return this.#source.spanOf(place.key ?? place.value);
  }

  span(range: TextRange): Span {
    return this.#source.spanOf(range);
  }
}
