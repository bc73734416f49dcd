import type { Span } from "../span.ts";

/** What can be wrong with a recipe's text, its keys and its values. */
export type SpecProblem =
  | {
      readonly code: "spec/unknown-key";
      readonly at: Span;
      readonly key: string;
      readonly nearest: string | null;
      readonly known: readonly string[];
    }
  | {
      readonly code: "spec/wrong-type";
      readonly at: Span;
      readonly key: string;
      readonly expected: string;
      readonly found: string;
    };
