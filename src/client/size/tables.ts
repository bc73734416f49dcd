/** The tables of files and lines, and the list of what could be saved. */

import { showCount, showSize } from "../../draw/sizes.ts";
import { make } from "../shared/elements.ts";
import type { LineData, SizeData } from "./data.ts";
import type { FileItem } from "./model.ts";
import { type Column, makeTable, type SortableTable } from "./table.ts";

/** Shows these files alone. */
export type Restrict = (files: ReadonlySet<number>, says: string) => void;

export function fileTable(data: SizeData, pick: (file: FileItem) => void): SortableTable<FileItem> {
  const columns: Column<FileItem>[] = [
    {
      title: "Path",
      isNumber: false,
      sortBy: ({ path }) => path,
      cell: (file) => linkTo(file.path, () => pick(file)),
    },
    { title: "Size", isNumber: true, sortBy: ({ size }) => size, cell: ({ size }) => showSize(size) },
    {
      title: "Compressed",
      isNumber: true,
      sortBy: ({ compressed }) => compressed,
      cell: ({ compressed }) => showKnown(compressed),
    },
  ];
  if (data.layers.length > 1) {
    const title = data.from === "image" ? "Member" : "Layer";
    const nameOf = ({ layer }: FileItem): string => data.layers[layer]!;
    columns.push({ title, isNumber: false, sortBy: nameOf, cell: nameOf });
  }
  if (data.lines.length > 0) {
    const lineOf = ({ line }: FileItem): string => data.lines[line]?.place ?? "";
    const cell = (file: FileItem): string => lineOf(file) || "several lines";
    columns.push({ title: "Brought by alone", isNumber: false, sortBy: lineOf, cell });
  }
  return makeTable("Files", columns);
}

export function lineTable(data: SizeData, files: readonly FileItem[], restrict: Restrict): HTMLElement {
  const held = data.lines.map(() => new Set<number>());
  for (const { index, line } of files) held[line]?.add(index);
  const numbers = new Map(data.lines.map((line, at) => [line, at]));
  const columns: Column<LineData>[] = [
    {
      title: "Line",
      isNumber: false,
      sortBy: (line) => numbers.get(line)!,
      cell: (line) => {
        const button = linkTo(line.place, () =>
          restrict(held[numbers.get(line)!]!, `what ${line.place} alone brings`),
        );
        return make("span", {}, button, " ", make("code", { class: "path quiet" }, line.text));
      },
    },
    {
      title: "Goes with it",
      isNumber: true,
      sortBy: ({ retained }) => retained,
      cell: ({ retained }) => showSize(retained),
    },
    {
      title: "of that compressed",
      isNumber: true,
      sortBy: ({ compressed }) => compressed,
      cell: ({ compressed }) => showKnown(compressed),
    },
    { title: "Names itself", isNumber: true, sortBy: ({ own }) => own, cell: ({ own }) => showSize(own) },
  ];
  const table = makeTable("Recipe lines", columns);
  table.show(data.lines);
  return table.element;
}

export function savingList({ suggestions }: SizeData, restrict: Restrict): HTMLElement[] {
  return suggestions.map(({ saves, what, advice, files }) => {
    const button = make(
      "button",
      { type: "button", class: "link" },
      `Show ${showCount(files.length, "file")}`,
    );
    button.addEventListener("click", () => restrict(new Set(files), what));
    return make(
      "li",
      {},
      make("b", {}, saves),
      " ",
      what,
      make("p", { class: "quiet" }, ...codeIn(advice)),
      button,
    );
  });
}

/** What stands between backticks is what to write. */
function codeIn(text: string): (Node | string)[] {
  return text.split("`").map((part, at) => (at % 2 === 1 ? make("code", {}, part) : part));
}

function linkTo(text: string, open: () => void): HTMLElement {
  const button = make("button", { type: "button", class: "path link" }, text);
  button.addEventListener("click", open);
  return button;
}

function showKnown(size: number | null): string {
  return size === null ? "not known" : showSize(size);
}
