import type { Span } from "../span.ts";

/** How a file came into the closure: from the nearest referrer back to the line of the recipe. */
export interface Chain {
  /** The referrers, the nearest first, as people see them: "/usr/sbin/dropbear". */
  readonly through: readonly string[];
  /** Where in the recipe it began; null for a root that no line names. */
  readonly from: Span | null;
}
