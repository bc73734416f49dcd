/** `initgraph plan`: what a build would do, told without doing it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { seededBytes } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const RECIPE = `sysroot: ./root
contents: [{ object: /usr }, { object: /opt }]
files: { /init: hello }
`;

/** Two directories of the root are two segments where they are compressed. */
function project(t: TestContext, recipe = RECIPE) {
  const cwd = scratchDirectory(t);
  const tmp = scratchDirectory(t);
  for (const directory of ["usr", "opt"]) {
    mkdirSync(join(cwd, "root", directory), { recursive: true });
    for (const [at, name] of ["a", "b"].entries())
      writeFileSync(join(cwd, "root", directory, name), seededBytes(at, 20_000));
  }
  writeFileSync(join(cwd, "initrd.yaml"), recipe);
  const run = async (...words: string[]) => {
    const done = await runCli([...words, "--cache", "cache"], { cwd, env: { TMPDIR: tmp } });
    assert.deepEqual(readdirSync(tmp), []);
    return done;
  };
  return { cwd, run, plan: async () => JSON.parse((await run("plan", "--json")).stdout) };
}

/** Every name with all that tells whether it was touched. */
function looksOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const { mtimeMs, ctimeMs, size, mode } = lstatSync(join(directory, name));
      return `${name} ${mtimeMs} ${ctimeMs} ${size} ${mode}`;
    });
}

test("a plan says what the build then does, and leaves no trace", async (t) => {
  const { cwd, run, plan } = project(t);
  const before = looksOf(cwd);
  const first = await plan();
  assert.deepEqual(looksOf(cwd), before, "not even a cache is made");
  assert.deepEqual([first.cached, first.toBeMade, first.file, first.entries], [0, 2, "initrd.zst", 8]);
  await run("build", "-q");
  const built = looksOf(cwd);
  const second = await plan();
  assert.deepEqual(looksOf(cwd), built, "nothing is marked as used");
  assert.deepEqual([second.cached, second.toBeMade], [2, 0]);
  const keys = (planned: typeof first) => planned.layers[0].segments.map(({ key }: { key: string }) => key);
  assert.deepEqual(keys(second), keys(first));
  writeFileSync(join(cwd, "root/opt/b"), "another");
  const third = await plan();
  const { rebuilt, reused } = JSON.parse((await run("build", "--json")).stdout);
  assert.deepEqual([third.toBeMade, third.cached], [rebuilt, reused]);
});

test("people read the pieces, their state and what became of the lock", async (t) => {
  const { cwd, run } = project(t);
  const none = await run("plan", "--compressor", "none");
  const stdout = none.stdout.replace(/about [\d.]+ m?s /, "about TIME ");
  assert.deepEqual(
    { ...none, stdout },
    {
      code: 0,
      stderr: "",
      stdout: [
        "initrd.cpio: 8 entries, 78.1 KiB of files",
        "  layer main, none  1  79.0 KiB  written as it is read  / to /usr/b",
        "1 piece: 0 cached, 1 to be made",
        "why: result has no earlier image of this name to compare with",
        "time: about TIME to decide, as just now, and what it takes to read and write 79.0 KiB",
        "lock: initrd.yaml.lock is not there; `initgraph lock` writes it",
        "",
      ].join("\n"),
    },
  );
  await run("lock", "-q");
  const fresh = await run("plan");
  assert.match(fresh.stdout, /\n {2}layer main, zstd {2}2 .* cached, .*\/usr to \/usr\/b\n/);
  assert.match(fresh.stdout, /\nlock: initrd.yaml.lock is fresh: no input moved\n$/);
  writeFileSync(join(cwd, "root/opt/b"), "another");
  writeFileSync(join(cwd, "root/opt/c"), "more");
  const stale = await run("plan");
  assert.equal(stale.code, 0);
  assert.match(
    stale.stdout,
    /\nlock: initrd.yaml.lock is stale; moved away from it:\n {2}\/opt\/b\n {2}\/opt\/c\n$/,
  );
  const { lock } = JSON.parse((await run("plan", "--json")).stdout);
  assert.deepEqual(lock, { file: "initrd.yaml.lock", isFresh: false, moved: ["/opt/b", "/opt/c"] });
});

test("what is to be made is told with the reason, and nobody guesses how long it takes", async (t) => {
  const { cwd, run, plan } = project(t);
  const first = await plan();
  assert.deepEqual(first.layers[0].segments[0].why, null, "there is nothing to compare with");
  assert.deepEqual(first.layers[0].segments[0].estimatedSize, null);
  assert.deepEqual(first.estimate.seconds, null);
  assert.match(
    (await run("plan")).stdout,
    /\ntime: no estimate, nothing was compressed here yet by zstd level \d+; /,
  );

  await run("build", "-q");
  writeFileSync(join(cwd, "root/opt/b"), seededBytes(7, 30_000));
  writeFileSync(join(cwd, "root/opt/c"), "more");
  const { stdout } = await run("plan");
  assert.match(
    stdout,
    /to be made, about \d\d\.\d KiB .*\n {6}because of \/opt\/b \(content\), \/opt\/c \(new\)\n/,
  );
  assert.match(
    stdout,
    /\ntime: about .*: .* to decide, as just now; .* to compress 49\.\d KiB, by what zstd level \d+ did with 79\.0 KiB here\n/,
  );
  const second = await plan();
  const [opt, usr] = second.layers[0].segments;
  assert.deepEqual([usr.why, usr.estimatedSize], [null, null]);
  const { explanation } = JSON.parse((await run("build", "--explain", "--json")).stdout);
  assert.ok(explanation[0].endsWith(`rebuilt, ${opt.why}`), "build gives the same reason afterwards");
  const likeBefore = Math.round((opt.size * usr.cachedSize) / usr.size);
  assert.ok(Math.abs(opt.estimatedSize - likeBefore) < 200, "as much of it as of the first build's pieces");

  const other = await run("plan", "--compressor", "gzip");
  assert.match(
    other.stdout,
    /the compressor was zstd and is gzip[\s\S]*nothing was compressed here yet by gzip/,
  );
});

test("an archive is looked into without being kept", async (t) => {
  const { cwd, run, plan } = project(
    t,
    RECIPE.replace("./root", "./root.tar.gz").replace(/^files[\s\S]*/m, ""),
  );
  execFileSync("tar", ["-C", join(cwd, "root"), "-czf", join(cwd, "root.tar.gz"), "."]);
  const before = looksOf(cwd);
  assert.deepEqual([(await plan()).toBeMade, looksOf(cwd)], [2, before]);
  await run("build", "-q");
  const built = looksOf(cwd);
  assert.deepEqual([(await plan()).cached, looksOf(cwd)], [2, built]);
});

test("what a build would refuse is refused by its plan", async (t) => {
  const { run } = project(t, `${RECIPE}budget: { unpacked: 1 KiB }\n`);
  const { code, stderr } = await run("plan");
  assert.equal(code, 1);
  assert.match(stderr, /error\[plan\/over-budget\][\s\S]*nothing was planned\nsee: /);
});
