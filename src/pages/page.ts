/**
 * One self-contained HTML page: styles, script and data stand in it, and its Content-Security-Policy lets nothing else in.
 * Only the very style sheet and script that are in it may work, named by their digests; it can load nothing, from nowhere.
 */
import { createHash } from "node:crypto";
import { embedJson } from "./embed-json.ts";
import { type Html, html, raw } from "./html.ts";

export interface Page {
  readonly title: string;
  /** What is there before the script has run, and all there is without it. */
  readonly body: Html;
  /** What the script finds as JSON in the element `data`; any value that JSON can tell. */
  readonly data: unknown;
  readonly client: PageClient;
}

/** How a page looks and works: made of src/client when the program is built. */
export interface PageClient {
  readonly styles: string;
  readonly script: string;
}

export function renderPage({ title, body, data, client }: Page): string {
  const { styles, script } = client;
  refuseEnd("style", styles);
  refuseEnd("script", script);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(client)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${as(styles)}</style>
</head>
<body>
${raw(body)}
<script type="application/json" id="data">${as(embedJson(data))}</script>
<script>${as(script)}</script>
</body>
</html>
`;
}

function policyFor({ styles, script }: PageClient): string {
  return [
    "default-src 'none'",
    `style-src '${digestForPolicy(styles)}'`,
    `script-src '${digestForPolicy(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function digestForPolicy(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function as(text: string): ReturnType<typeof raw> {
  return raw(text as Html);
}

/** What ends the element early, or begins a comment in which its end is not seen. */
function refuseEnd(element: "style" | "script", content: string): void {
  const bad = new RegExp(`</${element}|<!--`, "i").exec(content);
  if (bad) throw new TypeError(`the page's ${element} holds "${bad[0]}"`);
}
