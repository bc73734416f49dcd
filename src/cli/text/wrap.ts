/** Long lists, and sentences, over several lines. */
import { widthOf } from "./width.ts";

/**
 * Breaks text into lines of at most `columns`: between the items of a list and before the arrows of a chain
 * where that is enough, between words where it is not. A single longer word stays whole, so that a path can
 * be copied.
 */
export function wrapText(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const item of itemsOf(text)) {
    const fits = line === "" || widthOf(line + item.trimEnd()) <= columns;
    if (!fits) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += line === "" ? item.trimStart() : item;
    while (widthOf(line.trimEnd()) > columns) {
      const at = lastBreak(line, columns);
      if (at === null) break;
      lines.push(line.slice(0, at).trimEnd());
      line = line.slice(at).trimStart();
    }
  }
  return [...lines, line.trimEnd()];
}

/** Sentences: between words alone. */
export function wrapProse(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1) ?? ""} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** The items of a list with their commas, the steps of a chain with the arrow before them. */
function itemsOf(text: string): string[] {
  return text.split(/(?<=, )|(?= {2}<- {2})/);
}

/** The last blank that leaves a line of at most `columns` before it, or else the first blank at all. */
function lastBreak(line: string, columns: number): number | null {
  let best: number | null = null;
  for (const { index } of line.trimEnd().matchAll(/(?<=\S) +(?=\S)/g)) {
    if (/^ *<-/.test(line.slice(index)) || /<- *$/.test(line.slice(0, index))) continue;
    if (best !== null && widthOf(line.slice(0, index)) > columns) break;
    best = index;
  }
  return best;
}
