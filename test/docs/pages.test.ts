import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { madePages } from "./pages.ts";

for (const [file, text] of madePages()) {
  test(`${file} is what \`npm run docs\` makes of it`, () => {
    assert.ok(readFileSync(file, "utf8") === text, `run \`npm run docs\`: ${file} is of an earlier time`);
  });
}

test("what the pages link to is there", () => {
  const pages = [
    "README.md",
    ...readdirSync("docs")
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  assert.ok(pages.length > 4);
  for (const page of pages) {
    const text = readFileSync(page, "utf8");
    const anchors = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => anchorOf(title)));
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      if (file !== "") assert.ok(existsSync(join(dirname(page), file)), `${page}: ${target}`);
      else assert.ok(anchors.has(anchor ?? ""), `${page}: ${target}`);
    }
  }
});

/** As GitHub makes them. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}
