/** A place in a recipe, with the line it stands in, so that a message can show it. */

export interface Span {
  /** As the user named the file. */
  readonly file: string;
  /** Both counted from 1; the column in characters. */
  readonly line: number;
  readonly column: number;
  /** How many characters the mark under the line covers. */
  readonly width: number;
  /** The line itself. */
  readonly text: string;
}

/** `recipes/router.yaml:14:5`. */
export function showPlace(span: Span): string {
  return `${span.file}:${span.line}:${span.column}`;
}
