/** What `initgraph explain` tells of a code, and docs/errors.md with it. Plain data, in one place for each room. */
export interface Explanation {
  /** One line, without a full stop, for lists. */
  readonly title: string;
  /** What happened, and why it is not passed over. */
  readonly happened: string;
  /** The usual causes, the likeliest first. */
  readonly causes: readonly string[];
  /** What to do, the best first. */
  readonly remedies: readonly string[];
  /**
   * Lines of a recipe, or command lines (`$ …`), that end in the code; `#` says what else is so. A test holds those
   * that a transcript shows to it.
   */
  readonly example: string;
  /** The same without the code. Null: what has to change stands neither in a recipe nor on a command line. */
  readonly mended: string | null;
}
