/** Columns under one another. */
import { widthOf } from "./width.ts";

export type Align = "left" | "right";

/** Rows of equally many cells as lines; columns are two blanks apart, nothing trails. */
export function layoutTable(rows: readonly (readonly string[])[], aligns: readonly Align[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, column) => padCell(cell, widths[column]!, aligns[column] ?? "left"))
      .join("  ")
      .trimEnd(),
  );
}

function padCell(cell: string, width: number, align: Align): string {
  const blanks = " ".repeat(width - widthOf(cell));
  return align === "right" ? blanks + cell : cell + blanks;
}
