import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { archiveOf, file } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { makeRoot, put } from "./bad-recipes.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const RECIPE = `name: board
sysroot: ./root
contents:
  - object: /usr/bin/tool
  - object: ./docs
    target: /usr/share/man
files:
  /etc/hostname: "board\\n"
`;

function place(t: TestContext): string {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  put(cwd, "docs/man1/tool.1", "x".repeat(5000));
  put(cwd, "docs/man1/same.1", "x".repeat(5000));
  put(cwd, "initrd.yaml", RECIPE);
  return cwd;
}

async function sizeOf(cwd: string, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(["size", "--cache", "cache", ...words], { cwd });
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout;
}

test("a recipe's lines, its files, and what could be saved", async (t) => {
  const cwd = place(t);
  const said = await sizeOf(cwd, "--top", "2");
  assert.match(said, /^board: \d+ entries, [\d.]+ KiB of files, not all of it compressed yet\n/);
  assert.match(said, /\n +9\.8 KiB +9\.8 KiB +not built {2}initrd\.yaml:5 {2}- object: \.\/docs\n/);
  assert.match(said, /\n {2}and 1 more \(--top all\)\n/);
  assert.match(said, /9\.8 KiB: 2 files of documentation\n/);
  assert.match(said, /4\.9 KiB: 1 file that is there already under another name\n/);
  assert.match(said, /brought by initrd\.yaml:5 {2}- object: \.\/docs\n/);
});

test("an image with its manifest says what its recipe says, and what was compressed", async (t) => {
  const cwd = place(t);
  const build = await runCli(["build", "--cache", "cache"], { cwd });
  assert.equal(build.code, 0, build.stderr);
  const asked = [["initrd.yaml"], ["result/board"], ["result/board.manifest.json"]];
  const [recipe, image, manifest] = await Promise.all(
    asked.map(async (words) => JSON.parse(await sizeOf(cwd, ...words, "--json", "--top", "all"))),
  );
  assert.deepEqual([recipe.from, image.from, manifest.from], ["recipe", "manifest", "manifest"]);
  // A line's text is the recipe's alone.
  const same = ({ total, lines, shared, layers, files, suggestions }: typeof recipe) => {
    return { total, lines, shared, layers, files, suggestions };
  };
  assert.deepEqual(same(image), same(recipe));
  assert.deepEqual(same(manifest), same(recipe));
  assert.ok(recipe.total.compressed > 0 && recipe.total.compressed < recipe.total.unpacked);
  const docs = recipe.lines.find(({ label }: { label: string }) => label === "contents/1");
  assert.deepEqual([docs.at.line, docs.own.unpacked, docs.retained.unpacked], [5, 10_000, 10_000]);
});

test("an image of others is told by directory and by member", async (t) => {
  const cwd = scratchDirectory(t);
  const body = archiveOf([
    file("init", "x".repeat(10)),
    file("bin/sh", "y".repeat(2000)),
    file("bin/ash", "y".repeat(2000)),
  ]);
  writeFileSync(join(cwd, "their.img"), body);
  const json = JSON.parse(await sizeOf(cwd, "their.img", "--json"));
  assert.deepEqual([json.from, json.by, json.lines], ["image", "directory", null]);
  assert.deepEqual(
    json.parts.map(({ name, amount }: { name: string; amount: { unpacked: number } }) => [
      name,
      amount.unpacked,
    ]),
    [
      ["/bin", 4000],
      ["/ and what is small in it", 10],
    ],
  );
  assert.equal(json.total.compressed, body.length);
  assert.deepEqual(
    json.suggestions.map(({ kind }: { kind: string }) => kind),
    ["duplicates"],
  );
  assert.match(await sizeOf(cwd, "their.img", "--by", "layer"), /by member:\n.*\n.*member 1 \(plain\)\n/);
});

test("a page is one file beside what is told, or none", async (t) => {
  const cwd = place(t);
  const told = await sizeOf(cwd);
  assert.equal(await sizeOf(cwd, "--html", "size.html"), told);
  const page = readFileSync(join(cwd, "size.html"), "utf8");
  assert.match(page, /<title>board: size<\/title>/);
  assert.ok(page.includes("initrd.yaml:5") && page.includes("tool.1"));
  const { code, stdout, stderr } = await runCli(["size", "--cache", "cache", "--html", "docs"], { cwd });
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(stderr, /error\[host\/is-a-directory\]: /);
});
