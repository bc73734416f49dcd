/** Why a file is there: the shortest chain from a line of the recipe, with the evidence of each step. */
import { make } from "../shared/elements.ts";
import type { SizeData } from "./data.ts";

const REASONS: Readonly<Record<string, string>> = {
  named: "names",
  copied: "copies whole",
  needed: "needs the library",
  "dlopen-note": "declares that it opens",
  hwcaps: "has the variant for better processors",
  interpreter: "is started by",
  shebang: "is a script for",
  wrapped: "wraps",
  symlink: "leads to",
  "loader-cache": "is listed in",
  "store-reference": "refers to",
  firmware: "asks for the firmware",
  "module-depends": "depends on the module",
  softdep: "is loaded with",
  weakdep: "may use",
  "module-index": "has the index",
  "modprobe-config": "is configured in",
  "modprobe-command": "runs",
};

/** Null: nothing is known of it. */
export function chainOf(node: number, data: SizeData, pick: (file: number) => void): HTMLElement | null {
  if (node === -1) return null;
  const steps: HTMLElement[] = [];
  // No chain is longer than there are nodes, whatever the data says.
  for (let at = node, left = data.nodes.names.length; left > 0; left--) {
    const reference = data.references[data.nodes.comes[at]!];
    steps.push(make("li", {}, ...evidenceOf(reference), nameOf(at, data, pick)));
    if (reference === undefined) break;
    at = reference[0];
  }
  return make("ol", { class: "chain" }, ...steps.reverse());
}

function nameOf(node: number, { nodes, lines, files }: SizeData, pick: (file: number) => void): HTMLElement {
  const name = nodes.names[node]!;
  if (typeof name === "string") return make("span", { class: "path" }, name);
  if (name < 0) {
    const line = lines[-1 - name]!;
    return make(
      "span",
      { class: "line" },
      make("b", {}, line.place),
      " ",
      make("code", { class: "path" }, line.text),
    );
  }
  const button = make("button", { type: "button", class: "path link" }, files.names[name]!);
  button.addEventListener("click", () => pick(name));
  return button;
}

function evidenceOf(reference: SizeData["references"][number] | undefined): HTMLElement[] {
  if (reference === undefined) return [];
  const [, reason, says = "", found = "", tried = []] = reference;
  const parts: (Node | string)[] = [REASONS[reason] ?? reason];
  if (says !== "") parts.push(" ", make("code", { class: "path" }, says));
  if (found !== "") parts.push(", found by ", make("span", { class: "path" }, found));
  const evidence: HTMLElement[] = [make("div", { class: "reason" }, ...parts)];
  if (tried.length > 0) {
    const places = tried.map((one) => make("li", { class: "path" }, one));
    evidence.push(make("details", {}, make("summary", {}, "tried before"), make("ul", {}, ...places)));
  }
  return evidence;
}
