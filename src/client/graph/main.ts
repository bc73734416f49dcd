/** The page of a graph: a folded picture that unfolds, a search, and of whatever is chosen the chain that brought it. */
import { chainTreeOf } from "../../draw/chain-tree.ts";
import { drawGraph } from "../../draw/draw-graph.ts";
import { layoutPicture } from "../../draw/layout.ts";
import { linksOf } from "../../draw/links.ts";
import { canOpen } from "../../draw/open-parts.ts";
import type { Box, Picture } from "../../draw/picture.ts";
import { make } from "../shared/elements.ts";
import { byId, readPageData } from "../shared/page-data.ts";
import { Canvas } from "./canvas.ts";
import type { GraphData } from "./data.ts";
import { showNode } from "./details.ts";
import { findNodes } from "./find-nodes.ts";

const { document: graph, focus } = readPageData<GraphData>();
const links = linksOf(graph);
const tree = chainTreeOf(graph);
const opened = new Set<string>();
let picture: Picture;
let chosen: number | null = null;

const canvas = new Canvas(byId("canvas"), { choose: chooseBox, open: openBox, close: closeFrame });
const details = byId("details");
const search = byId("search") as HTMLInputElement;

function draw(toShow: string | null): void {
  picture = drawGraph(graph, { shown: null, focus: new Set(), detail: "fold", opened });
  canvas.show(layoutPicture(picture), (box) => canOpen(graph, box.nodes));
  byId("notes").replaceChildren(...picture.notes.map((note) => make("li", {}, note)));
  byId("state").textContent = `${picture.boxes.length} boxes, ${picture.arrows.length} arrows`;
  canvas.mark(chosen === null ? null : (boxOf(chosen)?.id ?? null));
  if (toShow !== null) canvas.reveal(toShow);
}

function boxOf(node: number): Box | undefined {
  return picture.boxes.find(({ nodes }) => nodes.includes(node));
}

function chooseBox(box: Box): void {
  canvas.mark(box.id);
  if (box.nodes.length === 1) {
    chooseNode(box.nodes[0]!, "keep");
    return;
  }
  chosen = null;
  const items = box.nodes.slice(0, MOST_LISTED).map((id) => make("li", {}, nodeButton(id)));
  const more = box.nodes.length - items.length;
  details.replaceChildren(
    make("h2", { tabindex: -1 }, box.texts[0] ?? ""),
    make("p", {}, box.texts.slice(1).join(" · ")),
    ...(canOpen(graph, box.nodes) ? [openButton(box)] : []),
    make("ul", { class: "nodes" }, ...items),
    ...(more > 0 ? [make("p", {}, `and ${more} more: the search finds them`)] : []),
  );
}

/** So many of a box are listed. */
const MOST_LISTED = 300;

function openButton(box: Box): HTMLElement {
  const button = make("button", { type: "button" }, "Unfold");
  button.addEventListener("click", () => openBox(box));
  return button;
}

function nodeButton(id: number): HTMLElement {
  const { label, path } = graph.nodes[id]!;
  const button = make("button", { type: "button", class: path === undefined ? "node" : "node path" }, label);
  button.addEventListener("click", () => chooseNode(id, "reveal"));
  return button;
}

function chooseNode(id: number, view: "reveal" | "keep"): void {
  chosen = id;
  const box = boxOf(id)?.id ?? null;
  canvas.mark(box);
  if (view === "reveal" && box !== null) canvas.reveal(box);
  showNode(details, id, { graph, links, tree, nodeButton });
  if (view === "reveal") details.querySelector("h2")?.focus();
}

function openBox(box: Box): void {
  if (!canOpen(graph, box.nodes)) {
    chooseBox(box);
    return;
  }
  opened.add(box.id);
  draw(null);
  const inside = picture.boxes.find(({ frame }) => frame === box.id);
  if (inside) canvas.reveal(inside.id, "focus");
}

function closeFrame(frame: string): void {
  opened.delete(frame);
  draw(frame);
}

search.addEventListener("input", () => {
  const found = findNodes(graph, search.value);
  byId("found").replaceChildren(...found.nodes.map((id) => make("li", {}, nodeButton(id))));
  byId("count").textContent = found.total === null ? "" : `${found.total} found`;
});
byId("fold").addEventListener("click", () => {
  opened.clear();
  draw(null);
  canvas.fit();
});
byId("nearer").addEventListener("click", () => canvas.zoom(1.25));
byId("farther").addEventListener("click", () => canvas.zoom(0.8));
byId("fit").addEventListener("click", () => canvas.fit());
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === search || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  search.focus();
});

draw(null);
canvas.fit();
if (focus !== null && focus[0] !== undefined) chooseNode(focus[0], "reveal");
