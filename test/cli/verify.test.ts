/** `initgraph verify` as its users see it: equal, or where not. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { requireOtherUser } from "../support/other-user.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { MAIN, runCli } from "./run-cli.ts";

const RECIPE = `sysroot: ./root
contents:
  - object: /usr
  - object: ./init
    target: /init
`;

interface Project {
  readonly cwd: string;
  /** Where the program may leave things, and must not. */
  readonly tmp: string;
  run(...words: string[]): ReturnType<typeof runCli>;
}

function project(t: TestContext, recipe: string): Project {
  const cwd = scratchDirectory(t);
  const tmp = scratchDirectory(t);
  mkdirSync(join(cwd, "root/usr/data"), { recursive: true });
  for (const name of ["a", "b", "c"])
    writeFileSync(join(cwd, "root/usr/data", name), "the same\n".repeat(4000));
  linkSync(join(cwd, "root/usr/data/a"), join(cwd, "root/usr/data/linked"));
  writeFileSync(join(cwd, "init"), "#!/usr/data/a\n");
  for (const name of ["init", "root/usr/data/a"]) chmodSync(join(cwd, name), 0o755);
  writeFileSync(join(cwd, "initrd.yaml"), recipe);
  const env = { TMPDIR: tmp, INITGRAPH_CACHE: join(cwd, "own-cache") };
  return { cwd, tmp, run: (...words) => runCli(["verify", ...words], { cwd, env }) };
}

test("equal is said with the digest, what was altered, and nothing is left behind or touched", async (t) => {
  const { cwd, tmp, run } = project(t, RECIPE);
  const before = readdirSync(cwd);
  chmodSync(tmp, 0o711);
  const { code, stdout, stderr } = await run();
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^equal: sha256-[0-9a-f]{64}\n$/);
  assert.match(stderr, /^built: /);
  assert.match(stderr, /\naltered: umask 0\d+, LC_ALL=/);
  assert.match(stderr, /\naltered: 6 inputs copied elsewhere .* 2 hard-linked with an equal one, 2 parted\n/);
  assert.equal(/, user \d+,/.test(stderr), requireOtherUser().skip === false, stderr);
  assert.deepEqual([readdirSync(cwd), readdirSync(tmp)], [before, []]);
  const json = JSON.parse((await run("--json", "--compressor", "none")).stdout);
  assert.deepEqual([json.ok, json.difference, json.altered.length], [true, null, 2]);
});

test("a store beside the sysroot and files above the recipe are moved with it", async (t) => {
  const { cwd, run } = project(t, "");
  rmSync(join(cwd, "root/usr"), { recursive: true });
  const path = "store/00000000000000000000000000000000-tool";
  mkdirSync(join(cwd, path), { recursive: true });
  writeFileSync(join(cwd, path, "bin"), "a tool");
  mkdirSync(join(cwd, "recipes"));
  const text = `sysroot: ../root
storeRoot: ${cwd}/store
contents: [{ object: /nix/${path} }, { object: ../init, target: "/${"$"}{AT}" }]
vars: { AT: init }
`;
  writeFileSync(join(cwd, "recipes/fleet.yaml"), text);
  const broken = await run("recipes/fleet.yaml", "--set", "AT=sbin/init");
  assert.equal(broken.code, 1, "the interpreter of /init is not there");
  assert.match(broken.stderr, /interpreter-not-found[\s\S]*nothing was verified\nsee: /);
  writeFileSync(join(cwd, "init"), "no script");
  const again = JSON.parse((await run("recipes/fleet.yaml", "--set", "AT=sbin/init", "--json")).stdout);
  assert.equal(again.ok, true);
  assert.deepEqual(
    again.notAltered.filter((line: string) => line.startsWith("the place of")),
    [],
  );
});

test("a secret is read where it is, and no digest of it is told", async (t) => {
  const { cwd, run } = project(t, `${RECIPE}secrets: { /etc/key: { source: ./key } }\n`);
  writeFileSync(join(cwd, "key"), "a key", { mode: 0o600 });
  const { code, stdout, stderr } = await run();
  assert.deepEqual([code, stdout], [0, "equal: no digest is told of an image with secrets\n"], stderr);
  assert.match(stderr, /\nnot altered: the place of .*key: secrets are not copied\n/);
});

/** Something that a compressor must not listen to. */
const ODD = `#!/bin/sh
if [ "$(umask)" = 0077 ]; then exec gzip -1n; else exec gzip -9n; fi
`;

test("a compressor that listens to the umask is found out, with the place", async (t) => {
  const { cwd, run } = project(t, `${RECIPE}compressor: ./odd\nextension: .gz\n`);
  writeFileSync(join(cwd, "odd"), ODD);
  chmodSync(join(cwd, "odd"), 0o755);
  const { code, stdout } = await run();
  assert.equal(code, 1);
  assert.match(
    stdout,
    /^different: the same entries in other bytes: from byte \d+ on, in member 0 \(gzip\) of the first build, in member 0 \(gzip\) of the second\n$/,
  );
});

test("a recipe that cannot be built again is told with what the second build said", async (t) => {
  const { cwd, run } = project(t, `${RECIPE}compressor: ./odd\nextension: .gz\n`);
  writeFileSync(join(cwd, "odd"), '#!/bin/sh\ncase "$(umask)" in 0077) exit 3;; esac\nexec gzip -n\n');
  chmodSync(join(cwd, "odd"), 0o755);
  const { code, stderr } = await run();
  assert.equal(code, 1);
  assert.match(stderr, /error\[cli\/second-build-failed\][\s\S]*compressor-failed/);
});

test("--against names the first entry that differs, and what of it", async (t) => {
  const { cwd, run } = project(t, RECIPE);
  const build = (...words: string[]) => runCli(["build", "--no-cache", ...words], { cwd });
  await build("--out", "there");
  assert.match((await run("--against", "there/initrd")).stdout, /^equal: /);
  const packed = await run("--against", "there/initrd", "--compressor", "gzip");
  assert.equal(packed.code, 1);
  assert.match(
    packed.stdout,
    /^different: the same entries in other bytes: from byte 0 on, in member 0 \(gzip\)/,
  );
  writeFileSync(join(cwd, "root/usr/data/b"), `${"the same\n".repeat(3000)}${"the sane\n".repeat(1000)}`);
  const { code, stdout } = await run("--against", "there/initrd", "--compressor", "gzip");
  assert.deepEqual([code, stdout], [1, "different: /usr/data/b: content from byte 27,006 on\n"]);
  const json = JSON.parse((await run("--against", "there/initrd", "--json")).stdout);
  assert.deepEqual(
    [json.ok, json.difference.path, json.difference.facts[0].offset],
    [false, "/usr/data/b", 27_006],
  );
  const missing = await run("--against", "nowhere");
  assert.match(missing.stderr, /^error\[host\/cannot-read\]/);
});

test("a run that is ended leaves nothing", async (t) => {
  const { cwd, tmp } = project(t, RECIPE);
  const env = { PATH: process.env["PATH"], TMPDIR: tmp };
  const child = spawn(process.execPath, [MAIN, "verify"], { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece: Buffer) => {
    if (said.includes("altered: ")) return;
    said += piece.toString();
    // The second build is on its way.
    if (said.includes("altered: ")) child.kill("SIGTERM");
  });
  const [code, signal] = await once(child, "close");
  assert.ok(code === 143 || signal === "SIGTERM", `${code} ${signal}`);
  assert.deepEqual(readdirSync(tmp), []);
});
