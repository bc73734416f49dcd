/** JSON read member by member: what is not as it should be is a FormatError that names its place. */
import { type ByteString, byteString } from "../core/path.ts";
import { FormatError } from "../formats/format-error.ts";

/** An object, or a list by the numbers of its items. */
export class JsonReader {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #place: string;
  readonly #code: string;

  private constructor(value: unknown, place: string, code: string) {
    this.#place = place;
    this.#code = code;
    if (typeof value !== "object" || value === null)
      throw new FormatError(code, 0, `${place} should be an object`);
    this.#value = value as Record<string, unknown>;
  }

  /** `code`: of the FormatError that everything wrong here is. */
  static parse(text: string, code: string): JsonReader {
    try {
      return new JsonReader(JSON.parse(text), "it", code);
    } catch (error) {
      if (error instanceof SyntaxError) throw new FormatError(code, 0, `it is no JSON: ${error.message}`);
      throw error;
    }
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined;
  }

  text(name: string): string {
    const value = this.#value[name];
    return typeof value === "string" ? value : this.fail(name, "no text");
  }

  /** Not negative, and exact. */
  integer(name: string): number {
    const value = this.#value[name];
    const isOne = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    return isOne ? value : this.fail(name, "no whole number");
  }

  integerOr(name: string, otherwise: number): number {
    return this.has(name) ? this.integer(name) : otherwise;
  }

  octal(name: string): number {
    const text = this.text(name);
    return /^[0-7]{1,6}$/.test(text) ? Number.parseInt(text, 8) : this.fail(name, "no octal number");
  }

  hexadecimal(name: string): ByteString {
    const text = this.text(name);
    const isOne = text.length % 2 === 0 && /^[0-9a-f]*$/.test(text);
    return isOne ? byteString(Buffer.from(text, "hex")) : this.fail(name, "no hexadecimal digits");
  }

  oneOf<T extends string>(name: string, all: readonly T[]): T {
    const text = this.text(name);
    return all.find((one) => one === text) ?? this.fail(name, `none of ${all.join(", ")}`);
  }

  texts(name: string): string[] {
    const value = this.#value[name];
    const areTexts = Array.isArray(value) && value.every((one) => typeof one === "string");
    return areTexts ? (value as string[]) : this.fail(name, "no list of texts");
  }

  object(name: string): JsonReader {
    return new JsonReader(this.#value[name], this.#placeOf(name), this.#code);
  }

  /** Of objects or lists. */
  list(name: string): JsonReader[] {
    const value = this.#value[name];
    if (!Array.isArray(value)) return this.fail(name, "no list");
    return value.map((one, at) => new JsonReader(one, `${this.#placeOf(name)}[${at}]`, this.#code));
  }

  fail(name: string, what: string): never {
    throw new FormatError(this.#code, 0, `${this.#placeOf(name)} is ${what}`);
  }

  #placeOf(name: string): string {
    return this.#place === "it" ? name : `${this.#place}.${name}`;
  }
}
