/** The graph as one HTML file. */
import type { GraphData } from "../../client/graph/data.ts";
import { html } from "../../pages/html.ts";
import { renderPage } from "../../pages/page.ts";
import { readPageClient } from "../page-client.ts";
import type { ShownGraph } from "./graph.ts";

export function graphPage({ document, focus }: ShownGraph): string {
  const title = `The graph of ${document.name}`;
  const data: GraphData = { document, focus: focus.size === 0 ? null : [...focus] };
  const body = html`<header>
<h1>${title}</h1>
<button type="button" id="nearer" aria-label="Zoom in">+</button>
<button type="button" id="farther" aria-label="Zoom out">−</button>
<button type="button" id="fit">Fit</button>
<button type="button" id="fold">Fold all</button>
<span id="state" role="status"></span>
</header>
<main id="canvas"></main>
<aside>
<section>
<label for="search">Search (/)</label>
<input id="search" type="search" autocomplete="off" spellcheck="false">
<span id="count" role="status"></span>
<ul id="found"></ul>
</section>
<section id="details">
<p>Choose a box to see why it is there. A box with + unfolds: press it, or O on the keyboard; a frame's title folds it again.</p>
</section>
<section>
<ul id="notes"></ul>
</section>
<noscript><p>This page draws with a script of its own. Without it: initgraph graph --format svg.</p></noscript>
</aside>`;
  return renderPage({ title, body, data, client: readPageClient("graph") });
}
