/** The files that share a trouble, as details of a sentence. */
import type { Sharing } from "../../check/findings/programs.ts";
import { showPath } from "../../core/path.ts";
import { showNumber } from "../text/size.ts";
import type { Sentence } from "./sentence.ts";

/** So many are named; `--json` has more. */
const MOST_NAMED = 5;

export type Detail = Sentence["details"][number];

export function sharedBy(label: string, { count, paths }: Sharing): Detail {
  const named = paths.slice(0, MOST_NAMED).map((path) => showPath(path));
  return [label, someOf(named, count).join("\n")];
}

/** The first of some names, and how many more there are. */
export function firstOf(names: readonly string[]): string {
  return someOf(names.slice(0, MOST_NAMED), names.length).join(", ");
}

function someOf(named: readonly string[], count: number): string[] {
  return count > named.length ? [...named, `and ${showNumber(count - named.length)} more`] : [...named];
}
