/** A table whose headers sort it. Long ones show their beginning, and more when asked. */

import { showCount } from "../../draw/sizes.ts";
import { make, setAttributes } from "../shared/elements.ts";

export interface Column<Item> {
  readonly title: string;
  readonly isNumber: boolean;
  /** What it is sorted by; null comes last. */
  readonly sortBy: (item: Item) => number | string | null;
  readonly cell: (item: Item) => Node | string;
}

export interface SortableTable<Item> {
  readonly element: HTMLElement;
  /** In place of what it shows, in the order that was chosen. */
  show(items: readonly Item[]): void;
}

/** Rows at first, and with each wish for more. */
const FIRST = 25;
const MORE = 500;

interface Order<Item> {
  column: Column<Item>;
  direction: "ascending" | "descending";
}

/** Sorted by the first column of numbers, the largest first. */
export function makeTable<Item>(caption: string, columns: readonly Column<Item>[]): SortableTable<Item> {
  let items: readonly Item[] = [];
  let most = FIRST;
  const order: Order<Item> = {
    column: columns.find(({ isNumber }) => isNumber) ?? columns[0]!,
    direction: "descending",
  };
  const body = make("tbody", {});
  const more = make("button", { type: "button", class: "more" });
  const headers = columns.map((column) => {
    const button = make("button", { type: "button" }, column.title);
    button.addEventListener("click", () => {
      const isSame = order.column === column;
      const usual = column.isNumber ? "descending" : "ascending";
      order.direction = !isSame ? usual : order.direction === "ascending" ? "descending" : "ascending";
      order.column = column;
      draw();
    });
    return make("th", { scope: "col", class: column.isNumber ? "number" : "" }, button);
  });

  const draw = (): void => {
    for (const [at, header] of headers.entries()) {
      setAttributes(header, { "aria-sort": columns[at] === order.column ? order.direction : null });
    }
    const rows = [...items].sort(compareBy(order)).slice(0, most).map(rowOf);
    body.replaceChildren(...rows);
    const left = items.length - rows.length;
    more.hidden = left <= 0;
    more.textContent =
      left <= MORE ? `Show ${showCount(left, "more row")}` : `Show ${MORE} of ${showCount(left, "more row")}`;
  };
  const rowOf = (item: Item): HTMLElement => {
    const cells = columns.map(({ cell, isNumber }) =>
      make("td", { class: isNumber ? "number" : "" }, cell(item)),
    );
    return make("tr", {}, ...cells);
  };
  more.addEventListener("click", () => {
    const next = most;
    most += MORE;
    draw();
    body.children[next]?.querySelector("button")?.focus();
  });

  const table = make(
    "table",
    {},
    make("caption", {}, caption),
    make("thead", {}, make("tr", {}, ...headers)),
    body,
  );
  return {
    element: make("div", { class: "table" }, table, more),
    show: (shown) => {
      items = shown;
      most = FIRST;
      draw();
    },
  };
}

function compareBy<Item>({ column, direction }: Order<Item>): (a: Item, b: Item) => number {
  const sign = direction === "ascending" ? 1 : -1;
  return (a, b) => {
    const [one, other] = [column.sortBy(a), column.sortBy(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return one === other ? 0 : one < other ? -sign : sign;
  };
}
