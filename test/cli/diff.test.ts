/** `initgraph diff` as its users call it. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scratchDirectory } from "../support/scratch.ts";
import { makeRoot, put } from "./bad-recipes.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const RECIPE = `name: a
sysroot: ./root
contents:
  - object: /usr/bin/tool
files:
  /etc/hostname: "router\\n"
`;
const OTHER = `name: b
sysroot: ./root
contents:
  - object: /usr/bin/tool
files:
  /etc/hostname: { text: "router-b\\n", mode: "0600" }
  /etc/motd: "hello\\n"
`;

test("images with their manifests, manifests, and what a build would make", async (t) => {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  put(cwd, "a.yaml", RECIPE);
  put(cwd, "b.yaml", OTHER);
  const run = (...words: string[]) => runCli(words, { cwd, env: { INITGRAPH_CACHE: join(cwd, "cache") } });
  assert.equal((await run("build", "a.yaml", "b.yaml")).code, 0);
  const expected = `b.yaml:7:3 now names /etc/motd:
  + /etc/motd  6 bytes
~ /etc/hostname  7 bytes -> 9 bytes; mode 0644 -> 0600
    - 1: router
    + 1: router-b
`;
  for (const [first, second] of [
    ["result/a", "result/b"],
    ["a.yaml", "b.yaml"],
    ["result/a", "b.yaml"],
  ] as const) {
    const { stdout, code } = await run("diff", first, second);
    assert.equal(code, 1);
    assert.ok(stdout.startsWith(expected), stdout);
    assert.match(stdout, /\n\n1 added \(\+6 bytes\), 1 changed; unpacked /);
  }
  // A manifest alone says that the content differs, and not how.
  const { stdout } = await run("diff", "result/a.manifest.json", "result/b.manifest.json");
  assert.match(stdout, /~ \/etc\/hostname {2}7 bytes -> 9 bytes; mode 0644 -> 0600\n\n/);

  const same = await run("diff", "result/a", "a.yaml");
  assert.deepEqual([same.code, same.stdout], [0, "the same entries\n"]);

  // Without its manifest an image is a list of entries.
  mkdirSync(join(cwd, "elsewhere"));
  copyFileSync(join(cwd, "result/b.zst"), join(cwd, "elsewhere/b.zst"));
  const bare = await run("diff", "result/a", "elsewhere/b.zst", "--ignore", "mode", "--ignore", "content");
  assert.equal(bare.stdout.split("\n")[0], "+ /etc/motd  6 bytes");

  const json = JSON.parse((await run("diff", "--json", "result/a", "result/b")).stdout);
  assert.equal(json.ok, false);
  assert.deepEqual(
    json.added.map((group: { cause: { at: string; from: { at: string } }; entries: { path: string }[] }) => [
      group.cause.from.at,
      group.entries.map(({ path }) => path),
    ]),
    [["b.yaml:7:3", ["/etc/motd"]]],
  );

  const page = await run("diff", "result/a", "result/b", "--html", "diff.html");
  assert.deepEqual([page.code, page.stderr], [1, "page: diff.html\n"]);
  assert.match(readFileSync(join(cwd, "diff.html"), "utf8"), /b\.yaml:7:3 now names \/etc\/motd/);
});

test("the same tree packed otherwise", async (t) => {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  put(cwd, "a.yaml", RECIPE);
  const run = (...words: string[]) => runCli(words, { cwd });
  await run("build", "a.yaml", "--no-cache", "--out", "one");
  await run("build", "a.yaml", "--no-cache", "--out", "other", "--compressor", "none");
  const { stdout, code } = await run("diff", "one/a", "other/a");
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^the same entries; file .*\npacked otherwise: 2 members \(2 zstd\); now 1 member \(plain\)\n$/,
  );
  assert.equal((await run("diff", "one/a", "other/a", "--ignore", "packing")).code, 0);
  assert.equal((await run("diff", "one/a", "one/a.zst")).code, 0);
});

test("locks, input by input", async (t) => {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  put(cwd, "a.yaml", RECIPE);
  const run = (...words: string[]) => runCli(words, { cwd, env: { INITGRAPH_CACHE: join(cwd, "cache") } });
  await run("lock", "a.yaml");
  copyFileSync(join(cwd, "a.yaml.lock"), join(cwd, "old.lock"));
  assert.deepEqual(await run("diff", "old.lock", "a.yaml.lock"), {
    code: 0,
    stdout: "the same inputs, and the same image\n",
    stderr: "",
  });
  put(cwd, "extra.sh", "#!/usr/bin/tool\n");
  put(cwd, "a.yaml", RECIPE.replace("files:", "  - { object: ./extra.sh, target: /extra }\nfiles:"));
  await run("lock", "a.yaml");
  const { stdout, code } = await run("diff", "old.lock", "a.yaml.lock");
  assert.equal(code, 1);
  assert.match(stdout, /^\+ host \.\/extra\.sh {2}sha256-[0-9a-f]{12}…\n~ the recipe\n~ the image: /);
  assert.match(stdout, /\n\ninputs: 1 added\n$/);
  const mixed = await run("diff", "old.lock", "a.yaml");
  assert.deepEqual([mixed.code, mixed.stdout], [2, ""]);
});

test("what cannot be compared is said, and no page is left", async (t) => {
  const cwd = scratchDirectory(t);
  makeRoot(cwd);
  put(cwd, "a.yaml", RECIPE);
  const missing = await runCli(["diff", "a.yaml", "b.yaml", "--html", "x.html"], { cwd });
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /error\[cli\/recipe-not-found\]/);
  assert.equal(existsSync(join(cwd, "x.html")), false);
  const wrong = await runCli(["diff", "a.yaml", "a.yaml", "--ignore", "times"], { cwd });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--ignore takes time, mode, owner, content, packing, not "times"/);
});
