/** What the reader can choose: how the map is parted and measured, and which files are looked for. */
import { make } from "../shared/elements.ts";
import type { SizeData } from "./data.ts";
import type { Grouping, Measure } from "./model.ts";

export interface ControlHooks {
  readonly group: (grouping: Grouping) => void;
  readonly measure: (measure: Measure) => void;
  readonly search: (words: string) => void;
  readonly clear: () => void;
}

export interface Controls {
  readonly element: HTMLElement;
  /** What was found; and what else it is restricted to, null where it is not. Screen readers hear it. */
  tell(found: string, only: string | null): void;
}

export function makeControls(data: SizeData, hooks: ControlHooks): Controls {
  const search = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false" });
  search.addEventListener("input", () => hooks.search(search.value));
  const found = make("p", { id: "found", role: "status" });
  const only = make("button", { type: "button", class: "chip" });
  only.hidden = true;
  only.addEventListener("click", () => {
    hooks.clear();
    search.focus();
  });
  const groupings: [Grouping, string][] = [["directory", "directory"]];
  if (data.layers.length > 1) groupings.push(["layer", data.from === "image" ? "member" : "layer"]);
  if (data.lines.length > 0) groupings.push(["line", "recipe line"]);
  const parts: HTMLElement[] = [choice("Part by", groupings, hooks.group)];
  if (data.files.compressed.every((one) => one !== null)) {
    const measures: [Measure, string][] = [
      ["size", "unpacked"],
      ["compressed", "compressed"],
    ];
    parts.push(choice("Size", measures, hooks.measure));
  }
  const field = make("div", { class: "field" }, make("label", { for: "search" }, "Search paths"), search);
  const element = make("div", { class: "controls" }, ...parts, field, only, found);
  return {
    element,
    tell: (says, restriction) => {
      found.textContent = says;
      only.hidden = restriction === null;
      only.textContent = restriction === null ? "" : `${restriction} ×`;
      only.setAttribute("aria-label", `Show all files again, not just ${restriction}`);
    },
  };
}

function choice<Value extends string>(
  legend: string,
  values: readonly (readonly [Value, string])[],
  choose: (value: Value) => void,
): HTMLElement {
  const labels = values.map(([value, says], at) => {
    const radio = make("input", { type: "radio", name: legend, value, checked: at === 0 });
    radio.addEventListener("change", () => choose(value));
    return make("label", {}, radio, make("span", {}, says));
  });
  return make("fieldset", {}, make("legend", {}, legend), ...labels);
}
