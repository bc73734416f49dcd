/** A recipe for several kernels: an image for each, all else shared. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { writeModule } from "../support/module-writer.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const VERSIONS = ["6.1.0-50", "6.1.0-51", "6.12.1"];

/** A tree with three kernels, and a recipe for some of them over a layer that has none. */
function matrix(t: TestContext, versions: string, name = "name: board\n") {
  const cwd = scratchDirectory(t);
  const put = (file: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), content);
  };
  for (const version of VERSIONS) {
    put(`root/lib/modules/${version}/kernel/disk.ko`, writeModule({ info: [`version=${version}`] }));
  }
  put("root/etc/motd", "hello\n");
  put(
    "board.yaml",
    `${name}sysroot: ./root
layers:
  - { name: base, contents: [{ object: /etc }] }
  - { name: modules, kernel: { versions: ${versions}, modules: [disk] } }
`,
  );
  const run = (verb: string, ...words: readonly string[]) => runCli([verb, "board.yaml", ...words], { cwd });
  /** Paths of an image's manifest. */
  const paths = (name: string): string[] => {
    const { entries } = JSON.parse(readFileSync(join(cwd, "result", `${name}.manifest.json`), "utf8"));
    return entries.map(({ path }: { path: string }) => path);
  };
  return { cwd, put, run, paths };
}

test("each kernel has an image of its name and of its modules alone, and what is alike is built once", async (t) => {
  const { cwd, run, paths } = matrix(t, '[6.12.1, "6.1.0-*", "*"]');
  const { code, stdout, stderr } = await run("build");
  assert.equal(code, 0, stderr);
  const order = ["6.12.1", "6.1.0-50", "6.1.0-51"];
  assert.equal(stdout, order.map((version) => `${cwd}/result/board-${version}.zst\n`).join(""));
  for (const version of VERSIONS) {
    const modules = paths(`board-${version}`).filter((path) => path.endsWith(".ko"));
    assert.deepEqual(modules, [`/lib/modules/${version}/kernel/disk.ko`]);
  }
  const works = [...stderr.matchAll(/^board-.*; (\d+ pieces? built, .*);/gm)].map(([, work]) => work);
  const shared = "1 piece built, 1 reused (1 of them board-6.12.1's)";
  assert.deepEqual(works, ["2 pieces built, 0 reused", shared, shared]);
});

test("a kernel for a recipe that has none is an error, and one for two layers is, in each image", async (t) => {
  const { put, run } = matrix(t, "[6.12.1]");
  put("board.yaml", "files: { /a: x }\n");
  const none = await run("build", "--kernel", "6.12.1");
  assert.match(
    none.stderr,
    /^error\[spec\/no-kernel\]: --kernel 6\.12\.1: the recipe board\.yaml has no kernel\n/,
  );
  const kernel = "kernel: { versions: [6.12.1], modules: [disk] }";
  put("board.yaml", `sysroot: ./root\nlayers: [{ name: first, ${kernel} }]\n${kernel}\n`);
  assert.match((await run("build")).stderr, /error\[kernel\/two-layers\]/);
});

test("what is for several kernels is told as several images, and one of them as one", async (t) => {
  const { run } = matrix(t, "[6.12.1]", "");
  const all = JSON.parse((await run("build", "--json")).stdout);
  const [{ recipe, kernel, name }] = all.images;
  assert.deepEqual([all.ok, recipe, kernel, name], [true, "board.yaml", "6.12.1", "initrd-6.12.1"]);
  const one = JSON.parse((await run("build", "--json", "--kernel", "6.1.0-50")).stdout);
  assert.deepEqual([one.ok, one.name], [true, "initrd-6.1.0-50"]);
});

test("a kernel that comes or goes is seen by a build that had nothing to do", async (t) => {
  const { cwd, run } = matrix(t, '["6.1.*"]');
  await setTimeout(150); // longer than a file system's clock ticks, so that the builds are remembered
  const first = await run("build");
  const again = await run("build");
  assert.match(again.stderr, /^2 images: 0 pieces built, 4 reused; /m);
  assert.equal(again.stdout, first.stdout);
  renameSync(join(cwd, "root/lib/modules/6.1.0-50"), join(cwd, "root/lib/modules/6.1.0-52"));
  const moved = await run("build");
  assert.equal(moved.stdout, `${cwd}/result/board-6.1.0-51.zst\n${cwd}/result/board-6.1.0-52.zst\n`);
});

test("a lock is one kernel's", async (t) => {
  const { cwd, put, run } = matrix(t, "[6.12.1, 6.1.0-50]");
  assert.match((await run("lock")).stderr, /error\[kernel\/several\].*\n.*\n.*\n.*--kernel VERSION/);
  const made = await run("lock", "--kernel", "6.12.1");
  assert.equal(made.stdout, "board.yaml.6.12.1.lock\n", made.stderr);
  const { images, failed } = JSON.parse((await run("build", "--locked", "--json")).stdout);
  assert.deepEqual([images[0].kernel, failed[0].kernel], ["6.12.1", "6.1.0-50"]);
  assert.equal(failed[0].problems[0].code, "lock/missing");
  assert.match(failed[0].problems[0].help, /`initgraph lock board\.yaml --kernel 6\.1\.0-50`/);
  put("root/lib/modules/6.12.1/kernel/disk.ko", writeModule({ info: ["version=other"] }));
  const moved = await run("build", "--kernel", "6.12.1");
  assert.match(moved.stderr, /disk\.ko.* moved away from board\.yaml\.6\.12\.1\.lock/);
  assert.ok(!existsSync(join(cwd, "board.yaml.lock")));
});

test("--resolved tells which kernels, and with --kernel the recipe of one", async (t) => {
  const { run } = matrix(t, '[6.12.1, "6.1.*"]');
  const all = await run("plan", "--resolved");
  assert.match(all.stdout, /versions:\n +- 6\.12\.1 # board\.yaml:5:.*\n +- 6\.1\.\* # board\.yaml:5:/);
  const one = await run("plan", "--resolved", "--kernel", "6.1.0-51");
  assert.match(one.stdout, /^name: board-6\.1\.0-51 # --kernel\n/);
  assert.match(one.stdout, / version: 6\.1\.0-51 # --kernel\n/);
  assert.doesNotMatch(one.stdout, /versions/);
});
