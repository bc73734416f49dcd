/** Several recipes in one run: what they share, what becomes of those that fail, and which are meant. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { scratchDirectory } from "../support/scratch.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

/** Two boards over a base of one layer, and a recipe that is none. */
function fleet(t: TestContext) {
  const cwd = scratchDirectory(t);
  for (const name of ["root/etc", "boards/[odd]"]) mkdirSync(join(cwd, name), { recursive: true });
  const put = (file: string, text: string) => writeFileSync(join(cwd, file), text);
  put("root/etc/motd", "hello\n");
  put("base.yaml", "name: base\nsysroot: ./root\ncontents: [{ object: /etc }]\n");
  for (const board of ["a", "b"]) {
    const own = `files: { /etc/hostname: "${board}\\n" }`;
    put(
      `boards/${board}.yaml`,
      `name: board-${board}\nlayers: [{ name: base, use: ../base.yaml }]\n${own}\n`,
    );
  }
  put("boards/bad.yml", "nam: bad\n");
  const run = (...words: readonly string[]) => runCli(["build", ...words], { cwd });
  return { cwd, put, run, image: (name: string) => readFileSync(join(cwd, name)) };
}

/** Times are the machine's. */
const withoutTimes = (text: string) => text.replace(/[\d.]+ m?s$/gm, "TIME");

test("several recipes take over what one of them has built, and say whose it is", async (t) => {
  const { cwd, run, image } = fleet(t);
  const first = await run("base.yaml", "boards/*.yaml", "./boards/b.yaml");
  assert.equal(first.code, 0, first.stderr);
  const results = ["base", "board-a", "board-b"].map((name) => join(cwd, "result", `${name}.zst`));
  assert.equal(first.stdout, results.map((path) => `${path}\n`).join(""), "each once, a pattern's in order");
  const sizes = results.map((path) => readFileSync(path).length);
  assert.equal(
    withoutTimes(first.stderr),
    `base: ${sizes[0]} bytes, 3 entries; 1 piece built, 0 reused; TIME
board-a: ${sizes[1]} bytes, 4 entries; 1 piece built, 1 reused (1 of them base's); TIME
board-b: ${sizes[2]} bytes, 4 entries; 1 piece built, 1 reused (1 of them base's); TIME
3 images: 3 pieces built, 2 reused; TIME
`,
  );
  await run("boards/b.yaml", "--out", "alone", "--no-cache");
  assert.deepEqual(image("result/board-b.zst"), image("alone/board-b.zst"), "as if it were built alone");
});

test("where a recipe fails the others are built, and nothing of the failed one is left", async (t) => {
  const { cwd, run } = fleet(t);
  const words = ["boards/a.yaml", "boards/bad.yml", "none.yaml", "base.yaml"];
  const { code, stdout, stderr } = await run(...words, "--json");
  assert.deepEqual([code, stderr], [1, ""]);
  const { ok, images, failed, reused, rebuilt } = JSON.parse(stdout);
  assert.equal(ok, false);
  const told = images.map(({ recipe, name, shared }: Record<string, unknown>) => [recipe, name, shared]);
  assert.deepEqual(told, [
    ["boards/a.yaml", "board-a", {}],
    ["base.yaml", "base", { "board-a": 1 }],
  ]);
  const problems = failed.map((one: { recipe: string; problems: { code: string }[] }) => [
    one.recipe,
    one.problems[0]!.code,
  ]);
  assert.deepEqual(problems, [
    ["boards/bad.yml", "spec/unknown-key"],
    ["none.yaml", "cli/recipe-not-found"],
  ]);
  assert.deepEqual([reused, rebuilt], [1, 2]);
  assert.equal(readdirSync(join(cwd, "result")).length, 6, "an image, its manifest and its name, of two");
  const said = await run("boards/bad.yml", "base.yaml");
  assert.match(said.stderr, /^2 problems; nothing was built of boards\/bad\.yml\n\nbase: /m);
  assert.match(said.stderr, /^1 of 2 images: /m);
});

test("two images of one name, and a pattern of no file, are errors before anything is built", async (t) => {
  const { cwd, put, run } = fleet(t);
  put("twin.yaml", "name: board-a\nfiles: { /twin: x }\n");
  const twins = await run("base.yaml", "twin.yaml", "boards/a.yaml", "--json");
  assert.equal(twins.code, 1);
  assert.deepEqual(
    JSON.parse(twins.stdout).problems.map(({ code, message }: Record<string, unknown>) => [code, message]),
    [["cli/same-name", "two recipes make an image called board-a in result"]],
  );
  const none = await run("base.yaml", "boards/*.yam");
  assert.match(none.stderr, /^error\[cli\/no-recipes\]: no file is called boards\/\*\.yam\n/);
  assert.ok(!existsSync(join(cwd, "result")) && !existsSync(join(cwd, ".cache")), "nothing is written");
});

test("a recipe whose name looks like a pattern is itself", async (t) => {
  const { put, run } = fleet(t);
  put("boards/[odd]/x.yaml", "name: odd\nfiles: { /odd: x }\n");
  const { code, stdout, stderr } = await run("boards/[odd]/x.yaml", "--json");
  assert.equal(code, 0, stderr);
  assert.deepEqual(Object.keys(JSON.parse(stdout)).slice(0, 2), ["ok", "name"], "told as one recipe is");
});

test("what one image is made of may be another one's result, however little has to be built", async (t) => {
  const { put, run, image } = fleet(t);
  put(
    "outer.yaml",
    "name: outer\ncompressor: none\ncontents: [{ object: ./result/base.zst, target: /base }]\n",
  );
  await run("base.yaml", "outer.yaml");
  await setTimeout(150); // longer than a file system's clock ticks, so that the next build is remembered
  await run("base.yaml", "outer.yaml");
  put("root/etc/motd", "hello again\n");
  await run("base.yaml", "outer.yaml");
  assert.ok(image("result/outer").includes(image("result/base.zst")));
});
