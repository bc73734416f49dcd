/** The page of a comparison: all of it stands there without a script, which adds a search and a choice of what is shown. */
import { byId } from "../shared/page-data.ts";

const search = byId("search") as HTMLInputElement;
const boxes = [...document.querySelectorAll<HTMLInputElement>('input[name="kind"]')];
const sections = [...document.querySelectorAll<HTMLElement>("main > section")];

function refresh(): void {
  const wanted = search.value.trim().toLowerCase();
  const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  let found = 0;
  for (const section of sections) {
    const count = kinds.has(section.id) ? showMatches(section, wanted) : 0;
    section.hidden = count === 0;
    found += count;
  }
  byId("found").textContent = `${found} ${found === 1 ? "entry" : "entries"} shown`;
}

/** A group whose heading matches stays whole. Gives the number of entries that are seen. */
function showMatches(section: HTMLElement, wanted: string): number {
  let count = 0;
  for (const body of section.querySelectorAll("tbody")) {
    const isWhole = matches(body.querySelector(".cause"), wanted);
    const rows = [...body.querySelectorAll<HTMLElement>(".entry")];
    for (const row of rows) row.hidden = !isWhole && !matches(row, wanted);
    const seen = rows.filter((row) => !row.hidden).length;
    body.hidden = seen === 0;
    count += seen;
  }
  return count;
}

function matches(element: Element | null, wanted: string): boolean {
  return element?.textContent?.toLowerCase().includes(wanted) ?? false;
}

byId("tools").hidden = false;
search.addEventListener("input", refresh);
for (const box of boxes) box.addEventListener("change", refresh);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === search) return;
  event.preventDefault();
  search.focus();
});
refresh();
