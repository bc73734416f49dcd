/**
 * The line of a recipe that a problem is about, with a mark below the guilty part:
 *
 *     14 | compresor: zstd
 *        | ^^^^^^^^^ did you mean "compressor"?
 */
import type { Span } from "../../core/span.ts";
import { safeText } from "../text/safe.ts";
import { characterWidth, widthOf } from "../text/width.ts";
import type { Paint } from "./paint.ts";

const TAB = 4;

interface Cell {
  readonly shown: string;
  readonly width: number;
}

/** The two lines, without their line ends, at most `columns` wide where the mark's own text leaves a choice. */
export function layoutExcerpt(span: Span, mark: string, columns: number, paint: Paint): string[] {
  const number = String(span.line);
  const gutter = `    ${number} | `;
  const cells = cellsOf(span.text);
  const first = Math.min(span.column - 1, cells.length);
  const last = Math.min(Math.max(first + span.width, first + 1), Math.max(cells.length, first + 1));
  const view = viewOf(cells, first, last, Math.max(columns - gutter.length, 20));
  const shown = cells.slice(view.from, view.to);
  const text = (view.from > 0 ? "…" : "") + textOf(shown) + (view.to < cells.length ? "…" : "");
  const before = (view.from > 0 ? 1 : 0) + widthIn(cells, view.from, first);
  const carets = "^".repeat(Math.max(1, widthIn(cells, first, Math.min(last, view.to))));
  const said = mark === "" ? "" : ` ${safeText(mark)}`;
  return [
    `${paint.dim(gutter)}${text}`.trimEnd(),
    `${paint.dim(`    ${" ".repeat(number.length)} | `)}${" ".repeat(before)}${paint.error(carets + said)}`,
  ];
}

/** One cell for each character of the line, so that the mark can be placed in columns of the terminal. */
function cellsOf(text: string): Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const character of text) {
    const blanks = TAB - (column % TAB);
    const shown = character === "\t" ? " ".repeat(blanks) : safeText(character);
    const width = shown === character ? characterWidth(character) : widthOf(shown);
    cells.push({ shown, width });
    column += width;
  }
  return cells;
}

/** Which cells are shown: all, or as many as fit around the beginning of the mark. */
function viewOf(cells: readonly Cell[], first: number, last: number, columns: number) {
  if (widthIn(cells, 0, cells.length) <= columns) return { from: 0, to: cells.length };
  const room = columns - 2; // an ellipsis at either end
  const marked = Math.min(widthIn(cells, first, last), Math.floor(room / 2));
  let from = first;
  // A third of what the mark leaves goes in front of it.
  for (let lead = Math.floor((room - marked) / 3); from > 0; from--) {
    lead -= cells[from - 1]!.width;
    if (lead < 0) break;
  }
  let to = from;
  for (let left = room; to < cells.length; to++) {
    left -= cells[to]!.width;
    if (left < 0) break;
  }
  return { from, to };
}

function widthIn(cells: readonly Cell[], from: number, to: number): number {
  return cells.slice(from, to).reduce((width, cell) => width + cell.width, 0);
}

function textOf(cells: readonly Cell[]): string {
  return cells.map((cell) => cell.shown).join("");
}
