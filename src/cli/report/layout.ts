/** A problem's words on the page: place, code, sentence; the line it is about; why, what was tried, what to do. */
import { showPlace } from "../../core/span.ts";
import { safeText } from "../text/safe.ts";
import { showCount } from "../text/size.ts";
import { wrapText } from "../text/wrap.ts";
import { layoutExcerpt } from "./excerpt.ts";
import type { Paint } from "./paint.ts";
import type { Sentence } from "./sentence.ts";

export interface Page {
  /** Columns of the terminal. */
  readonly columns: number;
  readonly paint: Paint;
}

/** A problem with its code, in words. */
export interface Said {
  readonly code: string;
  readonly words: Sentence;
}

/** Labels take twelve columns, as long as none is longer. */
const LABEL_COLUMNS = 12;
const INDENT = "    ";

/** All problems, an empty line between them, and how many there were: `2 problems; nothing was built`. */
export function layoutProblems(problems: readonly Said[], outcome: string, page: Page): string {
  const blocks = problems.map((problem) => layoutProblem(problem, page).join("\n"));
  const end = outcome === "" ? [] : [`${showCount(problems.length, "problem")}; ${outcome}`];
  return `${[...blocks, ...end].join("\n\n")}\n`;
}

/** All warnings, an empty line between them and behind the last. */
export function layoutWarnings(warnings: readonly Said[], page: Page): string {
  const paint = { ...page.paint, error: page.paint.warning };
  return warnings.map((said) => `${layoutSaid(said, "warning", { ...page, paint }).join("\n")}\n\n`).join("");
}

/** The lines of one problem. */
export function layoutProblem(said: Said, page: Page): string[] {
  return layoutSaid(said, "error", page);
}

/** The lines of something found, under the colour of its level. */
export function layoutFinding(said: Said, level: "fault" | "warning" | "unproven", page: Page): string[] {
  const { error, warning, strong } = page.paint;
  const colour = { fault: error, warning, unproven: strong }[level];
  return layoutSaid(said, level, { ...page, paint: { ...page.paint, error: colour } });
}

type SaidKind = "error" | "warning" | "fault" | "unproven";

function layoutSaid({ code, words }: Said, kind: SaidKind, page: Page): string[] {
  const { paint } = page;
  const place = words.at ? `${paint.strong(`${safeText(showPlace(words.at))}:`)} ` : "";
  const head = `${place}${paint.error(`${kind}[${code}]:`)} ${paint.strong(safeText(words.headline))}`;
  const excerpt = words.at ? layoutExcerpt(words.at, words.mark, page.columns, paint) : [];
  const help = words.help === "" ? [] : [["help", words.help] as const];
  const labels = [...words.details, ...help].map(([label]) => label.length + 2);
  const column = Math.max(LABEL_COLUMNS, ...labels);
  const details = words.details.flatMap(([label, text]) => layoutDetail(label, text, column, page));
  const advice = help.flatMap(([label, text]) => layoutDetail(label, text, column, page).map(paint.help));
  return [head, ...excerpt, ...details, ...advice];
}

/** A label and its text, the further lines hanging below the first. */
function layoutDetail(label: string, text: string, column: number, page: Page): string[] {
  const room = Math.max(page.columns - INDENT.length - column, 20);
  const lines = text
    .trimEnd()
    .split("\n")
    .flatMap((line) => wrapText(safeText(line), room));
  return lines.map((line, index) => `${INDENT}${(index === 0 ? label : "").padEnd(column)}${line}`.trimEnd());
}
