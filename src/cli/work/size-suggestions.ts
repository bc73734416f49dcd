/** What could be saved, as lines: how much, how, a few of the files, and which lines of the recipe brought most of it. */
import { showPath } from "../../core/path.ts";
import { bringersIn } from "../../size/bringers.ts";
import type { Suggestion } from "../../size/suggestions/suggestion.ts";
import { showSize } from "../text/size.ts";
import { adviceFor, nameSuggestion } from "../text/suggestions.ts";
import type { Measured } from "./size.ts";
import { cut, nameOfLine } from "./size-rows.ts";

/** How many files or lines are named. */
const EXAMPLES = 3;

export function suggestionLines(measured: Measured): string[] {
  const { sized, suggestions } = measured;
  if (suggestions.length === 0) return ["nothing stands out that could be saved"];
  const linesOf = bringingLines(measured);
  return [
    "what could be saved:",
    ...suggestions.flatMap((one) => {
      const files = one.entries.slice(0, EXAMPLES).map((at) => showPath(sized.image.entries[at]!.path));
      const from = linesOf(one);
      return [
        `  ${savingOf(one)}: ${nameSuggestion(one)}`,
        `      ${adviceFor(one)}`,
        ...files.map((file) => `      ${file}`),
        ...moreThan(one.entries.length, "files"),
        ...from.slice(0, EXAMPLES).map((line) => `      brought by ${cut(line)}`),
        ...moreThan(from.length, "lines"),
      ];
    }),
  ];
}

function moreThan(count: number, what: string): string[] {
  return count > EXAMPLES ? [`      and ${count - EXAMPLES} more ${what}`] : [];
}

/** "1.2 MiB, 400.0 KiB compressed". */
export function savingOf({ saves, concerns }: Suggestion): string {
  if (saves === null) return `of ${showSize(concerns.unpacked)}, how much has to be tried`;
  const { unpacked, compressed } = saves;
  return `${showSize(unpacked)}${compressed === null ? "" : `, ${showSize(compressed)} compressed`}`;
}

/** Those that lead to most of it first. */
function bringingLines({ sized, account }: Measured): (one: Suggestion) => string[] {
  const { line } = bringersIn(sized.image.references);
  return ({ entries }) => {
    const bytes = new Map<number, number>();
    for (const at of entries) {
      const { node, size } = sized.image.entries[at]!;
      const by = line[node ?? -1] ?? -1;
      bytes.set(by, (bytes.get(by) ?? 0) + size);
    }
    return account.lines
      .filter(({ node }) => bytes.has(node))
      .sort((a, b) => bytes.get(b.node)! - bytes.get(a.node)!)
      .map(nameOfLine);
  };
}
