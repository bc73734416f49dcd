/** Pieces of Markdown. */

/** Text in a cell of a table: no bar may end the cell, and no angle may begin a tag. */
export function cell(text: string): string {
  return prose(text).replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Text whose angles and stars are themselves, but for what stands within backquotes. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/[<>*_[\]]/g, "\\$&")))
    .join("");
}

export function link(text: string, anchor: string): string {
  return `[${text}](#${anchor})`;
}
