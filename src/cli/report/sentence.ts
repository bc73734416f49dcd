/** A problem in words, before it is laid out: what every page of `report/` gives. */
import type { Chain } from "../../core/problems/chain.ts";
import { type Span, showPlace } from "../../core/span.ts";

export interface Sentence {
  /** Where in the recipe; null: the place is told by the details. */
  readonly at: Span | null;
  readonly headline: string;
  /** Behind the mark under the line of the recipe: `did you mean "compressor"?`. Empty: nothing. */
  readonly mark: string;
  /** Label and text: `["needed by", "/usr/sbin/dropbear  <-  recipes/router.yaml:22:5"]`. */
  readonly details: readonly (readonly [label: string, text: string])[];
  /** What to do. Empty: nothing more to say. */
  readonly help: string;
}

export function sentence(headline: string, more: Partial<Omit<Sentence, "headline">> = {}): Sentence {
  return { at: null, mark: "", details: [], help: "", headline, ...more };
}

export function showChain(chain: Chain): string {
  return [...chain.through, ...(chain.from ? [showPlace(chain.from)] : [])].join("  <-  ");
}

/** A list in one line; "nothing" where it is empty. */
export function listed(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.join(", ");
}
