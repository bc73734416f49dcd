/**
 * What the page of `size --html` is given, in columns, so that tens of thousands of files stay small. All texts are shown as they
 * are: paths escaped, in UTF-8. A number in place of a thing is its index in the list of these.
 */

export interface SizeData {
  readonly name: string;
  /** Of an image alone nobody knows which line brought what: it has no lines and no nodes. */
  readonly from: "recipe" | "manifest" | "image";
  /** "16.2 MiB compressed", or why that is not known. */
  readonly compressed: string;
  /** The first is the root, "". */
  readonly directories: { readonly names: readonly string[]; readonly parents: readonly number[] };
  readonly layers: readonly string[];
  readonly lines: readonly LineData[];
  readonly files: FileColumns;
  readonly nodes: NodeColumns;
  readonly references: readonly ReferenceData[];
  readonly suggestions: readonly SuggestionData[];
}

export interface LineData {
  /** "board.yaml:14". */
  readonly place: string;
  /** "- object: /bin/sh". */
  readonly text: string;
  readonly own: number;
  readonly retained: number;
  readonly compressed: number | null;
}

export interface FileColumns {
  readonly names: readonly string[];
  readonly directories: readonly number[];
  readonly sizes: readonly number[];
  /** Its share of its piece; null: not compressed yet. */
  readonly compressed: readonly (number | null)[];
  readonly layers: readonly number[];
  /** Its node in the graph; -1: none. */
  readonly nodes: readonly number[];
  /** The line that alone brings it; -1: several do, or nobody knows. */
  readonly lines: readonly number[];
}

export interface NodeColumns {
  /** A path; a file by its index; or a line, as -1 - its index. */
  readonly names: readonly (string | number)[];
  /** Bytes that would go with it. */
  readonly retained: readonly number[];
  /** The reference by which the shortest way from a line comes here; -1: it is a line, or there is none. */
  readonly comes: readonly number[];
}

/** Who refers, for which reason, what it says, where that was found, and what was tried before; what is empty at the end is left out. */
export type ReferenceData = readonly [
  from: number,
  reason: string,
  says?: string,
  found?: string,
  tried?: readonly string[],
];

export interface SuggestionData {
  readonly saves: string;
  readonly what: string;
  readonly advice: string;
  readonly files: readonly number[];
}
