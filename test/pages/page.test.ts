import assert from "node:assert/strict";
import { test } from "node:test";
import { embedJson } from "../../src/pages/embed-json.ts";
import { type Html, html, raw } from "../../src/pages/html.ts";
import { type Page, renderPage } from "../../src/pages/page.ts";
import { ODD_TEXTS } from "../support/odd-texts.ts";

function pageWith(changes: Partial<Page>): Page {
  const client = { styles: "p { color: red }", script: "void 0;" };
  return { title: "t", body: html`<p>${"a < b"}</p>`, data: null, client, ...changes };
}

test("data comes out of JSON as it went in, and holds nothing that a parser of HTML minds", () => {
  for (const text of ODD_TEXTS) {
    const embedded = embedJson({ [text]: [text] });
    assert.deepEqual(JSON.parse(embedded), { [text]: [text] });
    assert.doesNotMatch(embedded, /[<>&\u2028\u2029]/);
  }
  assert.throws(() => embedJson(undefined), TypeError);
});

test("a template escapes texts, and takes HTML only where it is said to be some", () => {
  const inner = html`<b title="${`"'`}">${"<&>"}</b>`;
  assert.equal(inner, '<b title="&quot;&#39;">&lt;&amp;&gt;</b>');
  assert.equal(html`${inner}|${raw(inner, inner)}|${7}`.split("|")[1], inner + inner);
  assert.ok(html`${inner}`.startsWith("&lt;b"), "HTML without raw() is text");
});

test("a page names what may work in it by digest, and nothing else may", () => {
  const page = renderPage(pageWith({}));
  const [, policy] = /Content-Security-Policy" content="([^"]+)"/.exec(page)!;
  // printf 'p { color: red }' | openssl dgst -sha256 -binary | base64
  assert.equal(
    policy!.replaceAll("&#39;", "'"),
    "default-src 'none'; style-src 'sha256-ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4='; " +
      "script-src 'sha256-T1YEXClWF9CUhD2vRqC2ZkctVhPSMrn+MCIkJI7U02I='; base-uri 'none'; form-action 'none'",
  );
});

test("a title cannot leave its element", () => {
  assert.match(renderPage(pageWith({ title: "</title><script>" })), /<title>&lt;\/title&gt;&lt;script&gt;</);
});

test("styles and scripts that would end their element are a bug, and told", () => {
  for (const bad of ["'</SCRIPT>'", "'<!--'"]) {
    assert.throws(() => renderPage(pageWith({ client: { styles: "", script: bad } })), TypeError);
  }
  assert.throws(() => renderPage(pageWith({ client: { styles: "/* </style */", script: "" } })), TypeError);
  assert.ok(renderPage(pageWith({ body: "<hr>" as Html })).includes("\n<hr>\n"));
});
