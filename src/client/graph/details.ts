/** Of one node: the chain that brought it, with its evidence, what refers to it, and what it refers to. */
import type { ChainTree } from "../../draw/chain-tree.ts";
import type { DocumentReference, GraphDocument } from "../../draw/graph-document.ts";
import type { Links } from "../../draw/links.ts";
import { tellAmount } from "../../draw/name-box.ts";
import { make } from "../shared/elements.ts";

export interface DetailsOf {
  readonly graph: GraphDocument;
  readonly links: Links;
  readonly tree: ChainTree;
  readonly nodeButton: (id: number) => HTMLElement;
}

/** So many references are listed. */
const MOST = 200;

export function showNode(place: HTMLElement, id: number, of: DetailsOf): void {
  const { kind, label, path, to, bytes, entries } = of.graph.nodes[id]!;
  const facts = [
    kind,
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(entries > 0 ? [tellAmount({ entries, bytes })] : []),
  ];
  place.replaceChildren(
    make("h2", { tabindex: -1, class: path === undefined ? null : "path" }, label),
    make("p", {}, facts.join(", ")),
    make("h3", {}, "Why it is there"),
    make("ol", { class: "chain" }, ...chainTo(id, of).map((step) => tellStep(step, step.to, of))),
    ...listReferences("What refers to it", of.links.into[id]!, of),
    ...listReferences("What it refers to", of.links.outOf[id]!, of),
  );
}

/** From the recipe; a part of a copied tree begins with the tree's. */
function chainTo(id: number, { tree, links }: DetailsOf): DocumentReference[] {
  const chain: DocumentReference[] = [];
  const seen = new Set<number>();
  for (let at = id; !seen.has(at); ) {
    seen.add(at);
    const step = tree.branches[at]!.by ?? links.into[at]!.find(({ reason }) => reason === "copied") ?? null;
    if (step === null) break;
    chain.unshift(step);
    at = step.from;
  }
  return chain;
}

function tellStep(reference: DocumentReference, end: number, { graph, nodeButton }: DetailsOf): HTMLElement {
  const { reason, says, found, tried, from } = reference;
  const evidence = [says, found === "" ? "" : `found: ${found}`].filter((text) => text !== "").join("; ");
  return make(
    "li",
    {},
    ...(end === reference.to && graph.nodes[from]!.kind === "recipe" ? [nodeButton(from), " "] : []),
    make("span", { class: "reason" }, reason),
    " ",
    nodeButton(end),
    ...(evidence === "" ? [] : [make("div", { class: "evidence" }, evidence)]),
    ...(tried.length === 0 ? [] : [make("div", { class: "evidence" }, `tried before: ${tried.join(", ")}`)]),
  );
}

function listReferences(
  title: string,
  references: readonly DocumentReference[],
  of: DetailsOf,
): HTMLElement[] {
  if (references.length === 0) return [];
  const isInto = title === "What refers to it";
  const items = references.slice(0, MOST).map((one) => {
    const { reason, says, found } = one;
    const evidence = [says, found].filter((text) => text !== "").join("; ");
    const told = evidence === "" ? [] : [make("div", { class: "evidence" }, evidence)];
    return make(
      "li",
      {},
      make("span", { class: "reason" }, reason),
      " ",
      of.nodeButton(isInto ? one.from : one.to),
      ...told,
    );
  });
  const more = references.length - items.length;
  return [
    make(
      "details",
      { open: references.length <= 12 },
      make("summary", {}, make("h3", {}, `${title} (${references.length})`)),
      make("ul", { class: "nodes" }, ...items, ...(more > 0 ? [make("li", {}, `and ${more} more`)] : [])),
    ),
  ];
}
