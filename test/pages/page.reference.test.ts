/** What a real browser makes of a page. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { html } from "../../src/pages/html.ts";
import { renderPage } from "../../src/pages/page.ts";
import { openPage, requireChromium, startChromium } from "../support/chromium.ts";
import { ODD_TEXTS } from "../support/odd-texts.ts";
import { scratchDirectory } from "../support/scratch.ts";

const STYLES = ":root { color-scheme: light dark } p { color: light-dark(rgb(1, 2, 3), rgb(4, 5, 6)) }";
const SCRIPT = `
  const data = JSON.parse(document.getElementById("data").textContent);
  document.querySelector("p").textContent = JSON.stringify(data);`;

test("a browser", requireChromium(), async (t) => {
  const browser = await startChromium();
  t.after(() => browser.close());
  const file = join(scratchDirectory(t), "a page's <file>.html");
  const write = (script: string) =>
    writeFileSync(
      file,
      renderPage({
        title: "<odd>",
        body: html`<p title="${ODD_TEXTS.join("")}">${"nothing yet"}</p>`,
        data: ODD_TEXTS,
        client: { styles: STYLES, script },
      }),
    );

  await t.test("shows a page that asks for nothing and complains of nothing", async () => {
    write(SCRIPT);
    for (const [colorScheme, colour] of [
      ["light", "rgb(1, 2, 3)"],
      ["dark", "rgb(4, 5, 6)"],
    ] as const) {
      const { page, complaints, requests } = await openPage(browser, file, { colorScheme });
      assert.equal(await page.title(), "<odd>");
      assert.deepEqual(JSON.parse((await page.locator("p").textContent())!), ODD_TEXTS);
      assert.equal(await page.evaluate("getComputedStyle(document.querySelector('p')).color"), colour);
      assert.equal(await page.locator("img").count(), 0);
      assert.deepEqual([complaints, requests], [[], []]);
    }
  });

  await t.test("refuses what the page's policy does not name", async () => {
    write(`${SCRIPT}
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken'";
      const image = document.createElement("img");
      image.src = "https://example.invalid/pixel";
      document.body.append(script, image);
      document.body.setAttribute("onclick", "document.title = 'clicked'");`);
    const { page, complaints } = await openPage(browser, file);
    await page.locator("body").click();
    assert.equal(await page.title(), "<odd>");
    assert.equal(complaints.filter((one) => one.includes("Content Security Policy")).length, 3);
  });
});
