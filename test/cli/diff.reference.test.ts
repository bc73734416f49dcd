/** What `diff` says of real images is what find(1) and sha256sum(1) see in the trees that GNU cpio unpacks of them; and its page works. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openPage, requireChromium, startChromium } from "../support/chromium.ts";
import { buildRecipe } from "../support/initgraph.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { labTree, requireAll, requireLabTree, requireTool } from "../support/tools.ts";
import { compareTrees, walkTree } from "../support/walked-tree.ts";
import { runCli } from "./run-cli.ts";

const TREES = ["sysroot-amd64", "sysroot-amd64-trixie"] as const;

function treeOf(image: string, directory: string): Map<string, string> {
  mkdirSync(directory);
  const script = `zstd -qdc ${image}.zst | cpio -id --quiet --no-preserve-owner`;
  const run = spawnSync("sh", ["-c", script], { cwd: directory, encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  const tree = walkTree(directory);
  tree.delete("");
  return tree;
}

const needed = requireAll(requireTool("cpio", "zstd", "sha256sum", "find"), requireLabTree(...TREES));
test("two releases of a distribution", needed, async (t) => {
  const scratch = scratchDirectory(t);
  const images = TREES.map((tree) => {
    const recipe = join(scratch, `${tree}.yaml`);
    const contents =
      "contents: [{object: /bin/bash, symlink: /init}, {object: /usr/bin/kmod}, {object: /etc/ld.so.conf.d}, {object: '/usr/bin/{cat,cp,date,dd,ls}'}]";
    writeFileSync(
      recipe,
      `name: ${tree}\nsysroot: ${labTree(tree)}\nclosure: {dlopen: required}\n${contents}\n`,
    );
    return buildRecipe(recipe, scratch);
  });
  const [before, after] = images.map((image, at) => treeOf(image, join(scratch, `tree-${at}`)));
  const { stdout, code } = await runCli(["diff", "--json", ...images], { cwd: scratch });
  assert.equal(code, 1);
  const diff = JSON.parse(stdout) as Told;
  const expected = compareTrees(before!, after!);
  assert.ok(expected.added.length > 3 && expected.removed.length > 3 && expected.changed.length > 5);
  assert.deepEqual(pathsIn(diff.added), expected.added);
  assert.deepEqual(pathsIn(diff.removed), expected.removed);
  assert.deepEqual(diff.changed.map(({ after: { path } }) => path.slice(1)).sort(), expected.changed);

  // What kmod needs now and needed then is what readelf reads.
  const kmod = diff.changed.find(({ after: { path } }) => path === "/usr/bin/kmod")!;
  const [told] = kmod.content.filter(({ what }) => what === "needs");
  const [was, is] = [0, 1].map((at) => neededIn(join(scratch, `tree-${at}/usr/bin/kmod`)));
  const expectedNeeds = {
    added: is!.filter((name) => !was!.includes(name)),
    removed: was!.filter((name) => !is!.includes(name)),
  };
  assert.ok(expectedNeeds.removed.length > 0);
  assert.deepEqual({ added: told?.added, removed: told?.removed }, expectedNeeds);
});

interface Told {
  readonly added: readonly { readonly entries: readonly { readonly path: string }[] }[];
  readonly removed: Told["added"];
  readonly changed: readonly {
    readonly after: { readonly path: string };
    readonly content: readonly {
      readonly what?: string;
      readonly added?: readonly string[];
      readonly removed?: readonly string[];
    }[];
  }[];
}

function pathsIn(groups: Told["added"]): string[] {
  return groups.flatMap(({ entries }) => entries.map(({ path }) => path.slice(1))).sort();
}

function neededIn(file: string): string[] {
  const { stdout } = spawnSync("readelf", ["-d", file], { encoding: "utf8" });
  return [...stdout.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name!);
}

test("the page of a comparison, in a browser", requireChromium(), async (t) => {
  const scratch = scratchDirectory(t);
  const browser = await startChromium();
  t.after(() => browser.close());
  const write = (name: string, files: string) => {
    writeFileSync(join(scratch, `${name}.yaml`), `name: ${name}\nfiles:\n${files}`);
    return buildRecipe(join(scratch, `${name}.yaml`), scratch);
  };
  const odd = '"/etc/<img src=x onerror=alert(1)>": "1\\n"';
  const images = [
    write("a", `  /etc/hostname: "a\\n"\n  /etc/gone: "1\\n"\n`),
    write("b", `  /etc/hostname: "<script>b\\n"\n  ${odd}\n`),
  ];
  const file = join(scratch, "diff.html");
  const run = await runCli(["diff", ...images, "--html", file], { cwd: scratch });
  assert.equal(run.code, 1, run.stderr);
  assert.ok(readFileSync(file).length < 100_000);
  const { page, complaints, requests } = await openPage(browser, file);
  const found = page.locator("#found");
  assert.equal(await found.textContent(), "3 entries shown");
  assert.equal(await page.locator("img").count(), 0);
  await page.locator("#search").fill("hostname");
  assert.equal(await found.textContent(), "1 entry shown");
  assert.equal(await page.locator("#added").isVisible(), false);
  await page.locator("#search").fill("");
  await page.locator('input[value="removed"]').click();
  assert.equal(await found.textContent(), "2 entries shown");
  assert.match((await page.locator("#changed").textContent())!, /1: a\s*1: <script>b/);
  assert.deepEqual([complaints, requests], [[], []]);
});
