/** What is told of one file. */

import { showSize } from "../../draw/sizes.ts";
import { make } from "../shared/elements.ts";
import { showShare } from "../shared/format.ts";
import { chainOf } from "./chain.ts";
import type { SizeData } from "./data.ts";
import type { FileItem } from "./model.ts";

export function describeFile(
  file: FileItem,
  data: SizeData,
  total: number,
  pick: (file: number) => void,
): HTMLElement[] {
  const facts: [string, string][] = [
    ["Size", `${showSize(file.size)}, ${showShare(file.size, total)} of all files`],
  ];
  facts.push([
    "Compressed",
    file.compressed === null ? "not known" : `about ${showSize(file.compressed)}, its share of its piece`,
  ]);
  const layer = data.layers[file.layer]!;
  facts.push([data.from === "image" ? "Member" : "Layer", layer]);
  const retained = data.nodes.retained[file.node];
  if (retained !== undefined) facts.push(["Goes with it", showSize(retained)]);
  const terms = facts.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]);
  const chain = chainOf(file.node, data, pick);
  return [
    make("h2", { class: "path", tabindex: -1 }, file.path),
    make("dl", {}, ...terms),
    make("h3", {}, "Why it is there"),
    chain ??
      make(
        "p",
        { class: "hint" },
        "Nothing tells: a manifest beside the image would, for all that references lead to.",
      ),
  ];
}

export function describeNothing(): HTMLElement[] {
  return [
    make(
      "p",
      { class: "hint" },
      "Choose a file in the map or in the table to see what it costs and why it is there.",
    ),
  ];
}
