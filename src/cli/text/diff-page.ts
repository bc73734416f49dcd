/** A comparison of two images as a page: both sides beside one another, under the reference that made the difference. */
import type { Caused } from "../../compare/causes.ts";
import type { ContentChange } from "../../compare/content-changes.ts";
import type { ChangedFile, ImageDiff } from "../../compare/diff-images.ts";
import type { SideEntry } from "../../compare/side.ts";
import { showPath } from "../../core/path.ts";
import { type Html, html, raw } from "../../pages/html.ts";
import type { Page } from "../../pages/page.ts";
import { changedFacts, contentLines, entryParts, sayCause, sumLines } from "./image-diff.ts";
import { safeText } from "./safe.ts";

/** What the two are called: as they were typed. */
export interface DiffNames {
  readonly first: string;
  readonly second: string;
}

export function diffPage(diff: ImageDiff, { first, second }: DiffNames): Omit<Page, "client"> {
  const title = `${safeText(first)} and ${safeText(second)}`;
  const parts = [
    section(
      "added",
      "Added",
      diff.added.map((group) => groupRows(group, "added")),
    ),
    section(
      "removed",
      "Removed",
      diff.removed.map((group) => groupRows(group, "removed")),
    ),
    section("changed", "Changed", diff.changed.length === 0 ? [] : [changedRows(diff.changed)]),
  ];
  const body = html`<header>
<h1>What differs</h1>
<p class="sides"><span class="path">${safeText(first)}</span> <span aria-hidden="true">→</span><span class="heard">compared with</span> <span class="path">${safeText(second)}</span></p>
${raw(...sumLines(diff).map((line) => html`<p class="sum">${safeText(line)}</p>`))}
<div class="tools" id="tools" hidden>
<label for="search">Find</label> <input id="search" type="search" autocomplete="off" spellcheck="false">
<fieldset><legend class="heard">Show</legend>${raw(...KINDS.map(([kind, name]) => html`<label><input type="checkbox" name="kind" value="${kind}" checked> ${name}</label> `))}</fieldset>
<p id="found" role="status"></p>
</div>
</header>
<main>
${raw(...parts)}
</main>`;
  return { title: `What differs: ${title}`, body, data: null };
}

const KINDS = [
  ["added", "added"],
  ["removed", "removed"],
  ["changed", "changed"],
] as const;

function section(id: string, title: string, bodies: readonly Html[]): Html {
  if (bodies.length === 0) return html``;
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<table><thead><tr><th scope="col">before</th><th scope="col">after</th></tr></thead>
${raw(...bodies)}
</table>
</section>`;
}

function groupRows({ cause, entries }: Caused, kind: "added" | "removed"): Html {
  const why = sayCause(cause, { verb: kind === "added" ? "now" : "no longer" });
  const head =
    why === null
      ? html``
      : html`<tr class="cause"><th scope="rowgroup" colspan="2" class="path">${safeText(why)}</th></tr>`;
  const rows = entries.map((entry) => {
    const cell = entryCell(entry, kind);
    const none = html`<td class="none"><span class="heard">not there</span></td>`;
    return html`<tr class="entry">${raw(...(kind === "added" ? [none, cell] : [cell, none]))}</tr>`;
  });
  return html`<tbody>${raw(head, ...rows)}</tbody>`;
}

function entryCell(entry: SideEntry, kind: "added" | "removed"): Html {
  const { mode, uid, gid } = entry;
  const { name, facts } = entryParts(entry);
  const owner = uid === 0 && gid === 0 ? "" : `${uid}:${gid}`;
  const said = [facts, mode.toString(8).padStart(4, "0"), owner].filter((part) => part !== "").join(", ");
  return html`<td class="${kind}"><span class="path">${safeText(name)}</span> <span class="said">${safeText(said)}</span></td>`;
}

/** A row with what it is on each side, and one for each thing that changed in it. */
function changedRows(files: readonly ChangedFile[]): Html {
  return html`${raw(...files.map((file) => html`<tbody>${raw(changedHead(file), ...file.content.map(contentRow))}</tbody>`))}`;
}

function changedHead(file: ChangedFile): Html {
  const { before, after } = file;
  const said = safeText(changedFacts(file));
  return html`<tr class="cause"><th scope="rowgroup" colspan="2"><span class="path">${safeText(showPath(after.path))}</span> <span class="said">${said}</span></th></tr>
<tr class="entry">${raw(entryCell(before, "removed"), entryCell(after, "added"))}</tr>`;
}

function contentRow(change: ContentChange): Html {
  switch (change.kind) {
    case "value":
      return pair([`${change.what}: ${change.was || "none"}`], [`${change.what}: ${change.is || "none"}`]);
    case "list":
      return pair(
        change.removed.map((one) => `${change.what}: ${one}`),
        change.added.map((one) => `${change.what}: ${one}`),
      );
    case "lines": {
      const of = (kind: string) =>
        change.first.filter((one) => one.kind === kind).map(({ line, text }) => `${line}: ${text}`);
      const more = contentLines(change).slice(change.first.length);
      return pair([...of("removed"), ...more], of("added"));
    }
  }
}

function pair(before: readonly string[], after: readonly string[]): Html {
  const cell = (lines: readonly string[], kind: string) =>
    html`<td class="${kind}">${raw(...lines.map((line) => html`<div class="line path">${safeText(line.trim())}</div>`))}</td>`;
  return html`<tr class="content">${raw(cell(before, "removed"), cell(after, "added"))}</tr>`;
}
