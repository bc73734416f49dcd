/** The page of `initgraph size --html`: a map, tables and the chain of every file, all of the same data. */

import { showCount, showSize } from "../../draw/sizes.ts";
import { make } from "../shared/elements.ts";
import { showShare } from "../shared/format.ts";
import { byId, readPageData } from "../shared/page-data.ts";
import { makeControls } from "./controls.ts";
import type { SizeData } from "./data.ts";
import { describeFile, describeNothing } from "./details.ts";
import { type FileItem, filesOf, type Grouping, KINDS, type Measure, type Part, treeOf } from "./model.ts";
import { fileTable, lineTable, savingList } from "./tables.ts";
import { makeTreeMap } from "./treemap.ts";

const data = readPageData<SizeData>();
const files = filesOf(data);
const total = files.reduce((sum, { size }) => sum + size, 0);
const hasLayers = data.layers.length > 1;

const state = {
  grouping: "directory" as Grouping,
  measure: "size" as Measure,
  /** The part that the map shows. */
  part: treeOf(files, data, "directory", "size"),
  /** Of the files that match; empty: all do. */
  words: "",
  /** Only these files, and what they are; null: all. */
  only: null as { readonly files: ReadonlySet<number>; readonly says: string } | null,
};

const map = makeTreeMap(byId("map"), {
  colourOf: ({ layer, kind }) =>
    hasLayers ? { number: layer % 8, says: data.layers[layer]! } : { number: kind, says: KINDS[kind]! },
  pick,
  open: showPart,
  goUp: () => showPart(state.part.parent ?? state.part),
});
const table = fileTable(data, pick);
const controls = makeControls(data, {
  group: (grouping) => regroup({ grouping }),
  measure: (measure) => regroup({ measure }),
  search: (words) => {
    state.words = words.trim().toLowerCase();
    filter();
  },
  clear: () => {
    state.only = null;
    filter();
  },
});

byId("controls").append(controls.element);
byId("files").append(table.element);
byId("savings").append(make("ul", {}, ...savingList(data, restrict)));
if (data.lines.length > 0) byId("lines").append(lineTable(data, files, restrict));
else byId("lines").hidden = true;
byId("savings").hidden = data.suggestions.length === 0;
byId("details").replaceChildren(...describeNothing());
byId("legend").replaceChildren(...legend());
showPart(state.part);
filter();
document.documentElement.dataset["ready"] = "yes";

function regroup(change: { readonly grouping?: Grouping; readonly measure?: Measure }): void {
  Object.assign(state, change);
  showPart(treeOf(files, data, state.grouping, state.measure));
}

function showPart(part: Part): void {
  state.part = part;
  let root = part;
  const above: Part[] = [];
  for (let at = part.parent; at !== null; at = at.parent) above.unshift(at);
  root = above[0] ?? part;
  map.show(part, root.weight);
  byId("crumbs").replaceChildren(...[...above, part].map(crumb));
}

function crumb(part: Part): HTMLElement {
  const isHere = part === state.part;
  const name = part.name === "" ? data.name : part.name;
  const button = make(
    "button",
    { type: "button", class: "path", "aria-current": isHere ? "location" : null },
    name,
  );
  button.addEventListener("click", () => showPart(part));
  const size = make("span", { class: "quiet" }, ` ${showSize(part.weight)}`);
  return make("li", {}, button, ...(isHere ? [size] : []));
}

function pick(which: FileItem | number): void {
  const file = typeof which === "number" ? files[which]! : which;
  map.select(file);
  byId("details").replaceChildren(...describeFile(file, data, total, pick));
  if (window.matchMedia("(max-width: 70rem)").matches) byId("details").scrollIntoView({ block: "nearest" });
}

function restrict(chosen: ReadonlySet<number>, says: string): void {
  state.only = { files: chosen, says };
  filter();
  byId("files-title").scrollIntoView();
}

function filter(): void {
  const { words, only } = state;
  const found = files.filter(({ index, path }) => {
    return (only === null || only.files.has(index)) && (words === "" || path.toLowerCase().includes(words));
  });
  const isAll = found.length === files.length;
  map.mark(isAll ? null : new Set(found.map(({ index }) => index)));
  table.show(found);
  const size = found.reduce((sum, file) => sum + file.size, 0);
  const says = `${showCount(found.length, "file")}, ${showSize(size)}${isAll ? "" : `, ${showShare(size, total)} of all`}`;
  controls.tell(says, only?.says ?? null);
}

function legend(): HTMLElement[] {
  const names = hasLayers ? data.layers : KINDS;
  const used = new Set(files.map(({ layer, kind }) => (hasLayers ? layer : kind)));
  return names.flatMap((name, at) => {
    if (!used.has(at)) return [];
    return [make("li", {}, make("span", { class: `swatch c${at % 8}`, "aria-hidden": "true" }), name)];
  });
}
