/** `initgraph explain`: codes in words, or which there are. */
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { nearestOf } from "../../spec/nearest.ts";
import type { ExitCode } from "../command.ts";
import { EXPLAINED, type Explained, ROOMS } from "../explanations/index.ts";
import { layoutCodes, layoutExplanation } from "../explanations/layout.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";

/** Longer lines are hard to read, however wide the terminal is. */
const MOST_COLUMNS = 100;

/** @throws WrongUsage for a word that is neither a code nor a room. */
export function runExplain(words: readonly string[], terminal: Terminal): ExitCode {
  const columns = Math.min(terminal.page.columns, MOST_COLUMNS);
  const wanted = words.map(wantedBy);
  if (terminal.isJson) {
    const codes = wanted.length === 0 ? EXPLAINED : [...new Set(wanted.flatMap(({ codes }) => codes))];
    terminal.printJson({ ok: true, codes });
    return 0;
  }
  const pages = wanted.map(({ isRoom, codes }) =>
    isRoom ? layoutCodes(codes) : codes.map((one) => layoutExplanation(one, columns)).join("\n"),
  );
  terminal.print(wanted.length === 0 ? layoutCodes(EXPLAINED) : pages.join("\n"));
  return 0;
}

interface Wanted {
  readonly isRoom: boolean;
  readonly codes: readonly Explained[];
}

/** A code with its room or without, also as it was copied: `error[spec/unknown-key]:`. */
function wantedBy(word: string): Wanted {
  const bare = word.replace(/^(?:error|warning)?\[(.*)\]:?$/, "$1").toLowerCase();
  if (Object.hasOwn(ROOMS, bare))
    return { isRoom: true, codes: EXPLAINED.filter(({ code }) => code.startsWith(`${bare}/`)) };
  const codes = EXPLAINED.filter(({ code }) => code === bare || code.endsWith(`/${bare}`));
  if (codes.length > 0) return { isRoom: false, codes };
  const known = EXPLAINED.map(({ code }) => code);
  const nearest = nearestOf(bare, known) ?? nearestOf(bare, [...known.map(whatOf), ...Object.keys(ROOMS)]);
  const advice = nearest === null ? "`initgraph explain` lists all codes" : `did you mean ${nearest}?`;
  throw new WrongUsage(`there is no code "${safeText(bare)}": ${advice}`);
}

function whatOf(code: string): string {
  return code.slice(code.indexOf("/") + 1);
}
