import type { HostPath } from "../path.ts";
import type { Span } from "../span.ts";

/** What can be wrong between the files that a recipe is made of, and with its variables. */
export type CompositionProblem =
  | {
      readonly code: "spec/cannot-include";
      readonly at: Span;
      readonly path: HostPath;
      /** Why it cannot be read. */
      readonly what: string;
    }
  | {
      readonly code: "spec/include-loop";
      readonly at: Span;
      /** Each file of the loop, and what it includes. */
      readonly chain: readonly { readonly at: Span; readonly includes: string }[];
    }
  | { readonly code: "spec/too-many-includes"; readonly at: Span; readonly limit: number }
  | {
      readonly code: "spec/conflict";
      readonly at: Span;
      /** The way to the value: `kernel.version`. */
      readonly key: string;
      readonly first: Span;
      /** A file that includes both, and could decide. */
      readonly above: string;
    }
  | { readonly code: "spec/layers-and-layering"; readonly at: Span }
  | {
      readonly code: "spec/layer-twice";
      readonly at: Span;
      readonly name: string;
      readonly first: Span | null;
    }
  | {
      readonly code: "spec/undefined-variable";
      readonly at: Span;
      readonly name: string;
      readonly nearest: string | null;
      /** In the path of an include, where what the included files declare is not known yet. */
      readonly isInInclude: boolean;
    }
  | {
      readonly code: "spec/undeclared-variable";
      /** As `--set` names it. */
      readonly name: string;
      readonly nearest: string | null;
      readonly known: readonly string[];
    }
  | {
      readonly code: "spec/bad-setting";
      readonly name: string;
      readonly value: string;
      readonly expected: "a number" | "true or false";
      /** Where its type is declared. */
      readonly declared: Span;
    };
