/** The page of `size --html` in Debian's Chromium, driven as a reader would. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { writeSizePage } from "../../src/cli/work/size-page.ts";
import type { TargetPath } from "../../src/core/path.ts";
import { accountOf } from "../../src/size/account.ts";
import { suggest } from "../../src/size/suggestions/index.ts";
import type { TracedImage } from "../../src/trace/traced-image.ts";
import { type OpenedPage, openPage, requireChromium, startChromium } from "../support/chromium.ts";
import { ODD_TEXTS } from "../support/odd-texts.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { tracedImage } from "../support/traced-images.ts";

/** Two lines, a library that one of them needs, and two layers. */
const SAMPLE = withEvidence(
  tracedImage({
    nodes: ["contents/0", "contents/1", "/bin/tool", "/lib/libtool.so.1", "/usr/share/doc/"],
    references: [
      "contents/0 > /bin/tool",
      "/bin/tool > /lib/libtool.so.1",
      "contents/1 > /usr/share/doc/ copied",
    ],
    files: [
      ["/bin/tool", 40_000],
      ["/lib/libtool.so.1", 90_000, { layer: 1 }],
      ["/usr/share/doc/a", 20_000, { by: "/usr/share/doc/" }],
      ["/usr/share/doc/b", 10_000, { by: "/usr/share/doc/" }],
    ],
    layers: [
      ["programs", 30_000],
      ["libraries", 50_000],
    ],
  }),
);

test("the page of sizes in a browser", requireChromium(), async (t) => {
  const directory = scratchDirectory(t);
  const browser = await startChromium();
  t.after(() => browser.close());
  const open = (image: TracedImage, options = {}): Promise<OpenedPage> => {
    const file = join(directory, "size.html");
    const account = accountOf(image);
    const contents = new Map();
    const suggestions = suggest({ image, account, contents });
    const sized = { image, from: "recipe" as const, contents, packages: null };
    writeSizePage(file, { sized, account, suggestions, by: "line", rows: [], top: 10 });
    return openPage(browser, file, options);
  };

  await t.test("search narrows table and map, and says so", async () => {
    const { page, complaints, requests } = await open(SAMPLE);
    assert.match(await textOf(page, "#found"), /^4 files, 156\.3 KiB$/);
    await page.getByLabel("Search paths").fill("SHARE/doc");
    assert.deepEqual(await page.locator("#files tbody .link").allTextContents(), [
      "/usr/share/doc/a",
      "/usr/share/doc/b",
    ]);
    assert.equal(await textOf(page, '[role="status"]'), "2 files, 29.3 KiB, 18.8 % of all");
    assert.match((await tileOf(page, "/bin/tool").getAttribute("class"))!, /\bfaded\b/);
    assert.doesNotMatch((await tileOf(page, "/usr/share/doc/a").getAttribute("class"))!, /\bfaded\b/);
    await page.getByLabel("Search paths").fill("nothing of it");
    assert.match(await textOf(page, "#found"), /^0 files, /);
    assert.deepEqual([complaints, requests], [[], []]);
  });

  await t.test("headers sort, once and the other way round", async () => {
    const { page, complaints } = await open(SAMPLE);
    const first = () => page.locator("#files tbody .link").first().textContent();
    const sorted = () =>
      page.evaluate(
        '[...document.querySelectorAll("#files th[aria-sort]")].map((one) => one.textContent + " " + one.getAttribute("aria-sort"))',
      );
    assert.deepEqual([await first(), await sorted()], ["/lib/libtool.so.1", ["Size descending"]]);
    await page.locator("#files").getByRole("button", { name: "Size" }).press("Enter");
    assert.deepEqual([await first(), await sorted()], ["/usr/share/doc/b", ["Size ascending"]]);
    await page.locator("#files").getByRole("button", { name: "Path", exact: true }).click();
    assert.deepEqual([await first(), await sorted()], ["/bin/tool", ["Path ascending"]]);
    assert.deepEqual(complaints, []);
  });

  await t.test("a click on a tile shows the chain, with its evidence", async () => {
    const { page, complaints } = await open(SAMPLE);
    await tileOf(page, "/lib/libtool.so.1").click();
    const chain = await page.locator(".chain > li").allTextContents();
    assert.equal(chain.length, 3);
    assert.match(chain[0]!, /:1/);
    assert.match(chain[1]!, /names.*tool/);
    assert.match(
      chain[2]!,
      /needs the library libtool\.so\.1, found by runpath of tool.*tried before.*\/opt\/lib.*libtool/,
    );
    assert.equal(await tileOf(page, "/lib/libtool.so.1").getAttribute("aria-selected"), "true");
    await page.locator(".chain").getByRole("button", { name: "tool", exact: true }).click();
    assert.equal(await textOf(page, "#details h2"), "/bin/tool");
    assert.deepEqual(complaints, []);
  });

  await t.test("what is chosen in the table is told in sight of it", async () => {
    const files = Array.from({ length: 400 }, (_, at) => [`/usr/lib/f${at}`, 1000 + at] as const);
    const image = tracedImage({ nodes: ["contents/0"], files });
    for (const width of [1400, 420]) {
      const { page } = await open(image, { viewport: { width, height: 800 } });
      await page.locator("#files tbody .link").nth(20).click();
      const [top, bottom] = await page.evaluate<number[]>(
        '(({ top, bottom }) => [top, bottom])(document.querySelector("#details h2").getBoundingClientRect())',
      );
      assert.ok(top! >= 0 && bottom! <= 800, `${width} wide: from ${top} to ${bottom}`);
      // A path in a narrow column must not be broken behind every letter.
      assert.ok(
        (await page.evaluate<number>("document.documentElement.scrollHeight")) < 4500,
        `${width} wide`,
      );
    }
  });

  await t.test("a line and what could be saved show their files alone", async () => {
    const { page } = await open(SAMPLE);
    await page.locator("#lines tbody").getByRole("button").first().click();
    assert.match(await textOf(page, "#found"), /^2 files, 127\.0 KiB/);
    await page.locator(".chip").click();
    assert.match(await textOf(page, "#found"), /^4 files/);
    await page.locator("#savings").getByRole("button", { name: "Show 2 files" }).click();
    assert.match(await textOf(page, "#found"), /^2 files, 29\.3 KiB/);
  });

  await t.test("keys alone go through the map, open, and go up", async () => {
    const { page, complaints } = await open(SAMPLE);
    assert.equal(await page.evaluate(`document.querySelectorAll('#map [tabindex="0"]').length`), 1);
    await page.locator('#map [tabindex="0"]').focus();
    const here = () => page.evaluate<string>("document.activeElement.getAttribute('aria-label')");
    const seen = new Set([await here()]);
    for (const key of ["ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp"]) {
      await page.keyboard.press(key);
      seen.add(await here());
    }
    assert.ok(seen.size >= 4, [...seen].join("\n"));
    await page.locator('#map .group[aria-label^="/usr/share/doc,"]').focus();
    await page.keyboard.press("Enter");
    assert.equal(await textOf(page, "#crumbs [aria-current]"), "doc");
    assert.equal(await page.locator("#map .file").count(), 2);
    assert.match(await here(), /^\/usr\/share\/doc\//);
    await page.keyboard.press("Escape");
    assert.equal(await textOf(page, "#crumbs [aria-current]"), "share");
    await page.keyboard.press("Home");
    assert.deepEqual(complaints, []);
  });

  await t.test("the map is parted by directory, layer and line, and measured both ways", async () => {
    const { page, complaints } = await open(SAMPLE);
    const groups = async () => {
      const labels =
        '[...document.querySelectorAll("#map [aria-level=\\"1\\"]")].map((one) => one.getAttribute("aria-label").split(",")[0])';
      return (await page.evaluate<string[]>(labels)).sort();
    };
    assert.deepEqual(await groups(), ["/bin", "/lib", "/usr/share/doc"]);
    await page.getByRole("radio", { name: "layer" }).press(" ");
    const byLayer = await groups();
    assert.ok(byLayer.length === 2, byLayer.join());
    await page.getByRole("radio", { name: "recipe line" }).press(" ");
    assert.equal((await groups()).length, 2);
    await page.getByRole("radio", { name: "compressed", exact: true }).press(" ");
    assert.match(await textOf(page, "#crumbs"), /78\.1 KiB/);
    assert.deepEqual(await page.locator("#legend li").allTextContents(), ["programs", "libraries"]);
    assert.deepEqual(complaints, []);
  });

  await t.test("light, dark, forced colours and a narrow window can be read", async () => {
    const paper = "getComputedStyle(document.body).backgroundColor";
    const papers = new Set<string>();
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints } = await open(SAMPLE, { colorScheme, viewport: { width: 360, height: 700 } });
      papers.add(await page.evaluate<string>(paper));
      assert.ok((await page.evaluate<number>(LEAST_CONTRAST)) >= 4.5, `tiles in ${colorScheme}`);
      assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
      await page.emulateMedia({ forcedColors: "active" });
      assert.ok(await tileOf(page, "/bin/tool").isVisible());
      assert.deepEqual(complaints, []);
    }
    assert.equal(papers.size, 2);
  });

  await t.test("odd names stay text", async () => {
    const odd = tracedImage({
      nodes: ["contents/0"],
      files: ODD_TEXTS.map((text, at) => [
        `/odd-${at}`,
        1000 * (at + 1),
        { path: `odd/${text.replaceAll("/", "|")}` as TargetPath },
      ]),
    });
    const { page, complaints, requests } = await open(odd);
    assert.equal(await page.locator("#files tbody tr").count(), ODD_TEXTS.length);
    assert.equal(await page.locator("#map .file").count(), ODD_TEXTS.length);
    await page.locator("#files tbody .link").first().click();
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.evaluate('document.body.innerText.includes("\\u202e")'), false);
    assert.deepEqual([complaints, requests], [[], []]);
  });

  await t.test("ten thousand files are there in a moment", async () => {
    const files = Array.from({ length: 10_000 }, (_, at) => [`/usr/d${at % 300}/f${at}`, 500 + at] as const);
    const { page, complaints } = await open(tracedImage({ nodes: ["contents/0"], files }));
    const took = await page.evaluate<number>(
      `(() => { const start = performance.now(); const search = document.getElementById("search");
        search.value = "d77/"; search.dispatchEvent(new Event("input")); document.body.getBoundingClientRect();
        return performance.now() - start; })()`,
    );
    // Usually 30; machines of tests are busy.
    assert.ok(took < 1500, `${took} ms`);
    assert.ok((await page.locator(".tile").count()) < 10_000);
    await page.getByRole("button", { name: "Show 9 more rows" }).first().waitFor();
    assert.deepEqual(complaints, []);
  });
});

/** Of all tiles of files, between ink and fill. */
const LEAST_CONTRAST = `(() => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
      .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  return Math.min(...[..."01234567"].map((number) => {
    const tile = document.body.appendChild(document.createElement("div"));
    tile.className = "tile file c" + number;
    const style = getComputedStyle(tile);
    const [one, other] = [light(style.color), light(style.backgroundColor)].sort((a, b) => b - a);
    tile.remove();
    return (one + 0.05) / (other + 0.05);
  }));
})()`;

function withEvidence(image: TracedImage): TracedImage {
  const references = image.references.references.map((one) => {
    if (one.reason !== "needed") return one;
    return { ...one, says: "libtool.so.1", found: "runpath of tool", tried: ["/opt/lib"] };
  });
  return { ...image, references: { ...image.references, references } };
}

function tileOf(page: OpenedPage["page"], path: string) {
  return page.locator(`#map .file[aria-label^="${path},"]`);
}

async function textOf(page: OpenedPage["page"], selector: string): Promise<string> {
  return (await page.locator(selector).textContent()) ?? "";
}
