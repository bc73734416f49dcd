/** The page of `size --html`: what there is before its script has run, and the data that the script shows. */

import type { ReferenceData, SizeData } from "../../client/size/data.ts";
import { showPath } from "../../core/path.ts";
import { machinePorts } from "../../machine/ports.ts";
import { html } from "../../pages/html.ts";
import { bringersIn } from "../../size/bringers.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize } from "../text/size.ts";
import { adviceFor, nameSuggestion } from "../text/suggestions.ts";
import type { Measured } from "./size.ts";
import { fileColumns } from "./size-page-files.ts";
import { savingOf } from "./size-suggestions.ts";
import { writePage } from "./write-page.ts";

/** One that is there is replaced. Throws BuildFailure: host/cannot-write, host/is-a-directory. */
export function writeSizePage(file: string, measured: Measured): void {
  const { sized, account } = measured;
  const name = safeText(sized.image.name);
  const { entries, unpacked } = account.total;
  const data = sizeData(measured);
  const summary = `${showCount(entries, "entry", "entries")}, ${showSize(unpacked)} of files, ${data.compressed}`;
  const body = html`<header>
<h1 class="path">${name}</h1>
<p class="quiet">${summary}. Compressed sizes of single files are shares of the piece that they lie in.</p>
<noscript><p>The map and the tables need JavaScript, which this page brings along; it loads nothing.</p></noscript>
</header>
<main>
<section aria-labelledby="map-title">
<h2 class="heard" id="map-title">Map</h2>
<div id="controls"></div>
<nav aria-label="Part of the image that the map shows"><ol id="crumbs"></ol></nav>
<div id="map" role="tree" aria-label="Files by size. Arrow keys move, Enter opens, Escape goes up."></div>
<ul id="legend" aria-label="Colours"></ul>
</section>
<aside id="details" aria-label="The chosen file" aria-live="polite"></aside>
<section id="savings" aria-labelledby="savings-title"><h2 id="savings-title">What could be saved</h2></section>
<section id="lines" aria-label="Recipe lines"></section>
<section id="files" aria-label="Files"><span id="files-title"></span></section>
</main>`;
  writePage(file, { name: "size", title: `${name}: size`, body, data }, machinePorts(1).host);
}

function sizeData(measured: Measured): SizeData {
  const { sized, account, suggestions } = measured;
  const { image, from } = sized;
  const { references, nodes } = image.references;
  const { compressed } = account.total;
  const { last } = bringersIn(image.references);
  const { files, directories, indexes, numberOfPath } = fileColumns(measured);
  const lineNumbers = new Map(account.lines.map(({ node }, at) => [node, at]));
  // Only what some chain goes by.
  const used = [...new Set(last)].filter((number) => number !== -1);
  const places = new Map(used.map((number, at) => [number, at]));
  return {
    name: safeText(image.name),
    from,
    compressed: compressed === null ? "not all of it compressed yet" : `${showSize(compressed)} compressed`,
    directories,
    layers: image.layers.map(({ name }) => safeText(name)),
    lines: account.lines.map(({ at, label, own, retained }) => ({
      place: safeText(at === null ? label : `${at.file}:${at.line}`),
      text: at === null ? "" : safeText(at.text.trim() || label),
      own: own.unpacked,
      retained: retained.unpacked,
      compressed: retained.compressed,
    })),
    files,
    nodes: {
      names: nodes.map(({ node }, number) => {
        if (node.kind === "recipe") return -1 - lineNumbers.get(number)!;
        return numberOfPath.get(node.path) ?? safeText(showPath(node.path));
      }),
      retained: account.nodes.map(({ unpacked }) => unpacked),
      comes: [...last].map((number) => places.get(number) ?? -1),
    },
    references: used.map((number) => referenceData(references[number]!)),
    suggestions: suggestions.map((one) => ({
      saves: savingOf(one),
      what: nameSuggestion(one),
      advice: adviceFor(one),
      files: one.entries.flatMap((at) => indexes.get(at) ?? []),
    })),
  };
}

function referenceData({
  from,
  reason,
  says,
  found,
  tried,
}: Measured["sized"]["image"]["references"]["references"][number]): ReferenceData {
  const all = [from, reason, safeText(says), safeText(found), tried.map(safeText)] as const;
  if (tried.length > 0) return all;
  if (found !== "") return [from, reason, all[2], all[3]];
  return says === "" ? [from, reason] : [from, reason, all[2]];
}
