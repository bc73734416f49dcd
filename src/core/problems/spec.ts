import type { Area } from "../area.ts";
import type { Span } from "../span.ts";
import type { CompositionProblem } from "./composition.ts";

/** What can be wrong with a recipe. */
export type SpecProblem =
  | CompositionProblem
  | YamlProblem
  | ShapeProblem
  | MeaningProblem
  | CompressorProblem;

/** The text is no YAML that a recipe can be. */
export type YamlProblem =
  | { readonly code: "spec/too-large"; readonly at: Span; readonly size: number; readonly limit: number }
  | { readonly code: "spec/not-utf8"; readonly at: Span; readonly byte: number }
  | { readonly code: "spec/control-character"; readonly at: Span; readonly character: number }
  | { readonly code: "spec/yaml-syntax"; readonly at: Span; readonly message: string }
  | { readonly code: "spec/empty-recipe"; readonly at: Span }
  | { readonly code: "spec/several-documents"; readonly at: Span }
  | { readonly code: "spec/too-deep"; readonly at: Span; readonly limit: number }
  | {
      readonly code: "spec/too-many-values";
      readonly at: Span;
      readonly limit: number;
      /** Words of the text, values with those that aliases repeat, or characters where variables stand. */
      readonly unit: "words" | "values" | "characters";
    }
  | {
      readonly code: "spec/duplicate-key";
      readonly at: Span;
      readonly key: string;
      readonly first: Span;
    }
  | { readonly code: "spec/bad-key"; readonly at: Span; readonly found: string }
  | { readonly code: "spec/merge-key"; readonly at: Span }
  | { readonly code: "spec/tag"; readonly at: Span; readonly tag: string }
  | { readonly code: "spec/unknown-alias"; readonly at: Span; readonly name: string }
  | { readonly code: "spec/alias-loop"; readonly at: Span; readonly name: string };

/** Keys and values that the schema does not allow. A `key` is the way to the value: `contents[0].object`. */
export type ShapeProblem =
  | {
      readonly code: "spec/unknown-key";
      readonly at: Span;
      readonly key: string;
      readonly nearest: string | null;
      readonly known: readonly string[];
    }
  | { readonly code: "spec/missing-key"; readonly at: Span; readonly key: string; readonly of: string }
  | {
      readonly code: "spec/wrong-type";
      readonly at: Span;
      readonly key: string;
      readonly expected: string;
      readonly found: string;
      /** What to write instead; null: nothing certain. */
      readonly write: string | null;
    }
  | {
      readonly code: "spec/bad-value";
      readonly at: Span;
      readonly key: string;
      readonly expected: string;
      readonly found: string;
      readonly nearest: string | null;
    }
  | {
      readonly code: "spec/one-kind";
      readonly at: Span;
      readonly key: string;
      readonly kinds: readonly string[];
      readonly found: readonly string[];
    };

/** Why a path has no place where it is written. */
export type PathFault =
  | "empty"
  | "relative"
  | "parent"
  | "control-character"
  | "root"
  | "store-itself"
  | "nowhere"
  | "glob";

/** Values that are well formed and make no sense. */
export type MeaningProblem =
  | {
      readonly code: "spec/bad-path";
      readonly at: Span;
      readonly key: string;
      readonly path: string;
      readonly fault: PathFault;
    }
  | {
      readonly code: "spec/bad-mode";
      readonly at: Span;
      readonly written: string;
      /** What was meant, in octal; null: no mode at all. */
      readonly write: string | null;
    }
  | {
      readonly code: "spec/duplicate-target";
      readonly at: Span;
      readonly path: string;
      readonly first: Span;
    }
  | { readonly code: "spec/suffix-without-symlink"; readonly at: Span }
  | {
      readonly code: "spec/needs-target";
      readonly at: Span;
      readonly object: string;
      readonly isGlob: boolean;
    }
  | { readonly code: "spec/allow-all"; readonly at: Span; readonly missing: string }
  | { readonly code: "spec/nothing-to-build"; readonly at: Span }
  | {
      readonly code: "spec/output-collision";
      readonly at: Span;
      readonly extension: string;
      readonly output: string;
    }
  /** How whole store paths are found, where only files of them come. */
  | { readonly code: "spec/references-of-files"; readonly at: Span }
  | { readonly code: "spec/two-versions"; readonly at: Span; readonly first: Span }
  /** The command line says a kernel, and the recipe has none. */
  | { readonly code: "spec/no-kernel"; readonly version: string; readonly recipe: string }
  | {
      readonly code: "spec/two-wrappers";
      readonly at: Span;
      readonly key: string;
      readonly first: Span;
      readonly firstKey: string;
    }
  | { readonly code: "spec/areas-overlap"; readonly at: Span; readonly first: Area; readonly second: Area }
  | { readonly code: "spec/bad-source-date-epoch"; readonly value: string };

/** What the kernel, or its decompressor of that format, does not take. See spec/kernel-limits.ts. */
export type KernelLimit =
  | "unknown-format"
  | "other-format"
  | "skippable-frames"
  | "many-streams"
  | "gzip-extra-fields"
  | "gzip-comment"
  | "xz-check"
  | "xz-delta"
  | "lzma-properties"
  | "lz4-frame"
  | "lzop-no-checksum"
  | "lzop-extra-checksum"
  | "lzop-filter"
  | "zstd-window"
  | "zstd-dictionary";

/** `at: null`: the compressor was named on the command line of initgraph. */
export type CompressorProblem =
  | {
      readonly code: "spec/bad-command";
      readonly at: Span | null;
      readonly command: string;
      readonly fault: "empty" | "open-quote" | "control-character";
    }
  | {
      readonly code: "spec/unknown-compressor";
      readonly at: Span | null;
      readonly name: string;
      readonly nearest: string | null;
      readonly known: readonly string[];
    }
  | {
      readonly code: "spec/needs-uinitrd-compression";
      readonly at: Span | null;
      readonly name: string;
    }
  | {
      readonly code: "spec/kernel-refuses";
      readonly at: Span | null;
      readonly compressor: string;
      /** The argument at fault; null: what is missing, or the compressor as a whole. */
      readonly argument: string | null;
      readonly limit: KernelLimit;
    }
  | {
      readonly code: "spec/machine-dependent";
      readonly at: Span | null;
      readonly compressor: string;
      readonly argument: string;
    }
  | {
      readonly code: "spec/compressor-argument";
      readonly at: Span | null;
      readonly compressor: string;
      readonly argument: string;
      readonly fault: "decompresses" | "needs-ultra" | "copies";
    }
  | { readonly code: "spec/level-with-arguments"; readonly at: Span | null }
  | {
      readonly code: "spec/bad-level";
      readonly at: Span | null;
      readonly compressor: string;
      readonly level: number;
      /** First and last level; null: it has none that initgraph knows of. */
      readonly range: readonly [first: number, last: number] | null;
    }
  | {
      readonly code: "spec/no-builtin";
      readonly at: Span | null;
      readonly compressor: string;
      /** The argument that the embedded codec does not know; null: there is no such codec. */
      readonly argument: string | null;
      readonly isPath: boolean;
    };
