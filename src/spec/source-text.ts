/** The text of a recipe's file, and places in it for messages. */
import { bytesOf, type HostPath, showBytes } from "../core/path.ts";
import type { SpecProblem } from "../core/problems/spec.ts";
import type { Span } from "../core/span.ts";

/** Bytes. A recipe that is longer is no recipe; big data belongs into files that it names. */
export const RECIPE_SIZE_LIMIT = 1024 * 1024;

/** A piece of the text, in UTF-16 units from its start. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** The same, with the text that it is a piece of: the values of a recipe may come from several files. */
export interface Located extends TextRange {
  readonly text: SourceText;
}

/** A recipe's file before it is decoded. */
export interface RecipeFile {
  readonly bytes: Uint8Array;
  /** As a message names it. */
  readonly file: string;
  /** Where it lies: what `./` in it means. */
  readonly directory: HostPath;
}

interface Line {
  readonly text: string;
  /** Characters before a UTF-16 unit; those above U+FFFF have two units. */
  charactersBefore(unit: number): number;
}

function lineOf(text: string): Line {
  if (!/[\ud800-\udbff]/.test(text)) return { text, charactersBefore: (unit) => unit };
  const counts = new Uint32Array(text.length + 1);
  for (let unit = 0; unit < text.length; unit++) {
    const isSecondHalf = (text.charCodeAt(unit) & 0xfc00) === 0xdc00;
    counts[unit + 1] = counts[unit]! + (isSecondHalf ? 0 : 1);
  }
  return { text, charactersBefore: (unit) => counts[unit]! };
}

export class SourceText {
  readonly file: string;
  readonly directory: HostPath;
  readonly text: string;
  readonly #lineStarts: readonly number[];
  readonly #lines = new Map<number, Line>();

  constructor({ file, directory }: Omit<RecipeFile, "bytes">, text: string) {
    this.file = file;
    this.directory = directory;
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  /** The place of a range: its first line, with the mark up to that line's end at most. */
  spanOf(range: TextRange): Span {
    const start = Math.min(range.start, this.text.length);
    const number = this.#lineAt(start);
    const lineStart = this.#lineStarts[number]!;
    const line = this.#line(number);
    const from = Math.min(start - lineStart, line.text.length);
    const end = Math.max(Math.min(range.end - lineStart, line.text.length), from);
    const marked = line.text.slice(from, end).trimEnd();
    return {
      file: this.file,
      line: number + 1,
      column: line.charactersBefore(from) + 1,
      width: Math.max(line.charactersBefore(from + marked.length) - line.charactersBefore(from), 1),
      text: line.text,
    };
  }

  /** Lines are kept: a recipe may be one line with very many places. */
  #line(number: number): Line {
    const known = this.#lines.get(number);
    if (known) return known;
    const next = this.#lineStarts[number + 1];
    const text = this.text.slice(this.#lineStarts[number], next === undefined ? undefined : next - 1);
    const line = lineOf(text.endsWith("\r") ? text.slice(0, -1) : text);
    this.#lines.set(number, line);
    return line;
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Decodes a recipe's bytes; a byte order mark goes. Problems: too long, not UTF-8, control characters. */
export function decodeRecipe(file: RecipeFile): SourceText | readonly SpecProblem[] {
  const { bytes } = file;
  if (bytes.length > RECIPE_SIZE_LIMIT) {
    const at = new SourceText(file, "").spanOf({ start: 0, end: 0 });
    return [{ code: "spec/too-large", at, size: bytes.length, limit: RECIPE_SIZE_LIMIT }];
  }
  const source = new SourceText(file, new TextDecoder("utf-8").decode(bytes));
  const bad = firstBadByte(bytes);
  if (bad !== null) {
    // The lax decoder gives the same characters up to there, so their number is the place.
    const start = new TextDecoder("utf-8").decode(bytes.subarray(0, bad)).length;
    const at = source.spanOf({ start, end: start + 1 });
    return [{ code: "spec/not-utf8", at, byte: bytes[bad]! }];
  }
  return controlCharacters(source) ?? source;
}

/**
 * YAML allows no control characters but tab and line ends, and a lone carriage return would be a line end
 * that editors and our line numbers do not agree on.
 */
function controlCharacters(source: SourceText): SpecProblem[] | null {
  const control = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|\r(?!\n)/g;
  const problems: SpecProblem[] = [];
  for (const { index, 0: found } of source.text.matchAll(control)) {
    const at = source.spanOf({ start: index, end: index + 1 });
    problems.push({ code: "spec/control-character", at, character: found.charCodeAt(0) });
    if (problems.length === 10) break; // a binary file, not a recipe with slips
  }
  return problems.length > 0 ? problems : null;
}

/** Where the first malformed UTF-8 sequence begins; null: there is none. */
function firstBadByte(bytes: Uint8Array): number | null {
  if (isUtf8(bytes, false)) return null;
  // The shortest beginning that no continuation can mend; the whole, where only its end is cut off.
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  // What is good may end within a character that the next byte breaks: that character is the fault.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const whole = decoder.decode(bytes.subarray(0, good), { stream: true });
  return Buffer.byteLength(whole, "utf8");
}

function isUtf8(bytes: Uint8Array, isBeginning: boolean): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: isBeginning });
    return true;
  } catch {
    return false;
  }
}

/** Text of a recipe for a message: one line, not too long. */
export function shorten(text: string): string {
  const shown = showBytes(bytesOf(text));
  return [...shown].length > 80 ? `${[...shown].slice(0, 77).join("")}...` : shown;
}
