/** What `size` says on a terminal: a table for each question. */
import type { Amount } from "../../size/amounts.ts";
import type { SizePart } from "../commands/size.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize } from "../text/size.ts";
import { layoutTable } from "../text/table.ts";
import type { Measured } from "./size.ts";
import { largestFiles, largestHolders } from "./size-files.ts";
import { cut, type Row, rowsBy } from "./size-rows.ts";
import { suggestionLines } from "./size-suggestions.ts";

export function sizeText(measured: Measured): string {
  const { sized, account, by } = measured;
  const { entries, unpacked, compressed } = account.total;
  const packed = compressed === null ? "not all of it compressed yet" : `${showSize(compressed)} compressed`;
  const head = `${sized.image.name}: ${showCount(entries, "entry", "entries")}, ${showSize(unpacked)} of files, ${packed}`;
  const tables = [
    groupLines(measured),
    ...(by === "line" && account.layers.length > 1 ? [layerLines(measured)] : []),
    tableOf("largest files", largestFiles(measured), measured),
    ...(sized.from === "image"
      ? []
      : [tableOf("files that take most along", largestHolders(measured), measured)]),
    suggestionLines(measured),
  ];
  return [[head], ...tables].map((lines) => lines.map((line) => `${safeText(line)}\n`).join("")).join("\n");
}

const TITLES: Readonly<Record<SizePart, string>> = {
  line: "by recipe line",
  layer: "by layer",
  package: "by package",
  directory: "by directory",
};

function groupLines(measured: Measured): string[] {
  const { by, rows, sized, account } = measured;
  const title = by === "layer" && sized.from === "image" ? "by member" : TITLES[by];
  const { shared } = account;
  // What no line would take along is no part of any, and most of many images.
  const hasShared = by === "line" && shared.unpacked > 0;
  return tableOf(title, rows, measured, hasShared ? [["what several lines need", shared]] : []);
}

function layerLines(measured: Measured): string[] {
  const { sized, account, top } = measured;
  return tableOf("by layer", rowsBy("layer", sized, account, top), measured);
}

/** `last`: rows behind all others, whatever their size. */
function tableOf(
  title: string,
  rows: readonly Row[],
  { top, sized }: Measured,
  last: readonly (readonly [name: string, amount: Amount])[] = [],
): string[] {
  const hasRetained = rows.some(({ retained }) => retained !== null);
  const sizesOf = (own: string, { unpacked, compressed }: Amount): string[] => {
    return [...(hasRetained ? [own] : []), showSize(unpacked), showCompressed(compressed, sized.from)];
  };
  const cells = rows.slice(0, top).map(({ name, amount, retained }) => {
    return [...sizesOf(showSize(amount.unpacked), retained ?? amount), cut(name)];
  });
  const others = last.map(([name, amount]) => [...sizesOf("", amount), name]);
  const heads = [...(hasRetained ? ["own", "retained"] : ["size"]), "compressed", ""];
  const left = rows.length - cells.length;
  const aligns = heads.map((head) => (head === "" ? "left" : "right"));
  return [
    `${title}:`,
    ...layoutTable([heads, ...cells, ...others], aligns).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${left} more (--top all)`] : []),
  ];
}

/** What there is none of yet says so: a recipe's piece that no cache has. */
function showCompressed(compressed: number | null, from: Measured["sized"]["from"]): string {
  if (compressed !== null) return showSize(compressed);
  return from === "recipe" ? "not built" : "not known";
}
