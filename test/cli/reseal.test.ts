import assert from "node:assert/strict";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { scratchDirectory } from "../support/scratch.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const SECRET = "not to be told";

/** A directory with an image, as CI builds it, and a secret. */
async function makeImage(t: TestContext) {
  const cwd = scratchDirectory(t);
  writeFileSync(join(cwd, "initrd.yaml"), "files: { /etc/motd: hello, /lib: { symlink: etc } }\n");
  writeFileSync(join(cwd, "key"), SECRET, { mode: 0o600 });
  const run = (...words: readonly string[]) => runCli(words, { cwd });
  assert.equal((await run("build", "--no-cache")).code, 0);
  return { cwd, run };
}

test("reseal prints the image, says what it did, and no word of a secret", async (t) => {
  const { cwd, run } = await makeImage(t);
  const first = await run("reseal", "result/initrd", "--secret", "/lib/key=key");
  assert.deepEqual([first.code, first.stdout], [0, `${cwd}/result/initrd.zst\n`]);
  assert.match(
    first.stderr,
    /added {2}\/etc\/key\nnote: initrd\.manifest\.json tells of the image as it was built/,
  );
  assert.equal(statSync(join(cwd, "result/initrd.zst")).mode & 0o777, 0o600);
  const again = await run(
    "reseal",
    "result/initrd",
    "--secret",
    "/etc/key=key",
    "--secret",
    "/etc/a=b=./key",
    "--json",
  );
  assert.equal(again.code, 1, "the file is called b=./key");
  const json = await run(
    "reseal",
    "result/initrd",
    "--secret",
    "/etc/key=key",
    "--secret",
    "/opt/key=key",
    "--json",
  );
  assert.deepEqual(JSON.parse(json.stdout), {
    ok: true,
    image: `${cwd}/result/initrd.zst`,
    replaced: ["/etc/key"],
    added: ["/opt/key"],
    kept: [],
    manifests: ["initrd.manifest.json"],
  });
  const cat = await run("cat", "result/initrd", "/lib/key");
  assert.equal(cat.stdout, SECRET);
  for (const { stdout, stderr } of [first, again, json]) assert.ok(!`${stdout}${stderr}`.includes(SECRET));
});

test("reseal tells what is wrong, and leaves the image", async (t) => {
  const { cwd, run } = await makeImage(t);
  for (const words of [
    [],
    ["--secret", "key"],
    ["--secret", "key=/etc/key"],
    ["--secret", "/a="],
    ["--secret", "/=key"],
  ])
    assert.equal((await run("reseal", "result/initrd", ...words)).code, 2, words.join(" "));
  const taken = await run("reseal", "result/initrd", "--secret", "/etc/motd=key");
  assert.equal(taken.code, 1);
  assert.match(
    taken.stderr,
    /a secret cannot be \/etc\/motd: a file is there already[\s\S]*the image is as it was/,
  );
  chmodSync(join(cwd, "key"), 0o644);
  const open = await run("reseal", "result/initrd", "--secret", "/etc/key=key");
  assert.equal(open.code, 1);
  assert.match(open.stderr, /everybody on this machine may read the secret/);
});
