/** `build --sbom`: documents beside the image, as whole as the image is. */
import assert from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { writeFiles } from "../support/disk-files.ts";
import type { MemoryFile } from "../support/memory-tree.ts";
import { dpkgStatus } from "../support/package-trees.ts";
import { cyclonedxErrors, type SpdxDocument, spdxErrors } from "../support/sbom-schemas.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { tarEntriesOf, writeTar } from "../support/tar-writer.ts";
import { runsOfThisFile } from "./many-runs.ts";

const runCli = runsOfThisFile();

const ROOT: Readonly<Record<string, MemoryFile>> = {
  "/etc/os-release": "ID=debian\nVERSION_ID=12\n",
  "/etc/one": { mode: 0o600, bytes: "1\n" },
  "/etc/two": "2\n",
  "/var/lib/dpkg/status": dpkgStatus({ one: { version: "1.0" }, other: { version: "2.0" } }),
  "/var/lib/dpkg/info/one.list": "/etc\n/etc/one\n",
  // printf '1\n' | md5sum
  "/var/lib/dpkg/info/one.md5sums": "b026324c6904b2a9cb4b88d6d61c81d1  etc/one\n",
  "/var/lib/dpkg/info/other.list": "/usr/bin/other\n",
};
const RECIPE =
  "name: x\nsysroot: ./root\nsilence: []\ncontents: [{object: /etc/one}, {object: /etc/two}]\nfiles: {/init: {text: hi}}\n";
const BOTH = ["--sbom", "cyclonedx", "--sbom", "spdx"];

/** What the clock of files takes to move on: a build with younger inputs is not remembered. */
const TICK_MS = 20;

function workshop(t: TestContext) {
  const cwd = scratchDirectory(t);
  for (const [path, file] of Object.entries(ROOT)) writeFiles(join(cwd, "root"), { [path]: file });
  writeFileSync(join(cwd, "initrd.yaml"), RECIPE);
  const build = async (...words: readonly string[]) => {
    await sleep(TICK_MS);
    return runCli(["build", "--cache", "cache", ...words], { cwd });
  };
  return { cwd, build, read: (name: string) => readFileSync(join(cwd, "result", name), "utf8") };
}

test("an SBOM stands beside the image, valid, and what is of no package is counted", async (t) => {
  const { build, read, cwd } = workshop(t);
  const { code, stderr, stdout } = await build(...BOTH, "--json");
  assert.equal(code, 0, stderr);
  const said = JSON.parse(stdout) as { sbom: unknown; outputs: string[] };
  assert.deepEqual(said.sbom, { packages: 1, files: 3, unmapped: 2, changed: 0 });
  assert.deepEqual(
    said.outputs.map((path) => path.slice(path.lastIndexOf("/") + 1)),
    ["x.zst", "x.spdx.json", "x.cdx.json", "x.manifest.json", "x"],
  );
  assert.deepEqual(readdirSync(join(cwd, "result")).length, 5);
  const [spdx, cyclonedx] = [read("x.spdx.json"), read("x.cdx.json")];
  assert.deepEqual(spdxErrors(JSON.parse(spdx)), []);
  assert.deepEqual(cyclonedxErrors(JSON.parse(cyclonedx)), []);
  const { files } = JSON.parse(spdx) as SpdxDocument;
  const one = files.find(({ fileName }) => fileName === "./etc/one");
  assert.deepEqual(
    one?.checksums.map(({ checksumValue }) => checksumValue),
    [
      "e5fa44f2b31c1fb553b6021e7360d07d5d91ff5e", // printf '1\n' | sha1sum
      "4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865", // printf '1\n' | sha256sum
    ],
  );
  const digest = /"digest": "sha256-([0-9a-f]+)"/.exec(read("x.manifest.json"))?.[1];
  for (const text of [spdx, cyclonedx]) {
    assert.ok(text.includes(digest!), "the image's digest");
    assert.ok(text.includes("pkg:deb/debian/one@1.0?arch=amd64&distro=debian-12"));
    assert.ok(!text.includes("other"), "a package of no file of the image");
    assert.ok(!text.includes(cwd), "no place of this machine");
  }
});

test("the same tree gives the same SBOM as a directory and in an archive, in any time zone, and is as private as the image", async (t) => {
  const { build, read, cwd } = workshop(t);
  await build(...BOTH);
  assert.equal(statSync(join(cwd, "result/x.spdx.json")).mode & 0o777, 0o600);
  const first = ["x.spdx.json", "x.cdx.json"].map(read);
  writeFileSync(join(cwd, "root.tar"), writeTar(tarEntriesOf(ROOT)));
  const surroundings = { cwd, env: { TZ: "Asia/Tokyo", LC_ALL: "de_DE.UTF-8" } };
  const again = await runCli(["build", "--no-cache", "--sysroot", "root.tar", ...BOTH], surroundings);
  assert.equal(again.code, 0, again.stderr);
  assert.deepEqual(["x.spdx.json", "x.cdx.json"].map(read), first);
});

test("a build that only looks says the same; without an SBOM it is another build, and writes none", async (t) => {
  const { build, cwd } = workshop(t);
  const first = await build("--sbom", "spdx");
  assert.match(first.stderr, /^sbom: 1 package, 3 files, 2 of no package$/m);
  const again = await build("--sbom", "spdx", "--sbom", "spdx");
  assert.match(again.stderr, /^sbom: 1 package, 3 files, 2 of no package$/m);
  assert.match(again.stderr, /0 pieces built, 1 reused/);
  writeFileSync(join(cwd, "result/x.spdx.json"), "");
  await build("--sbom", "spdx");
  assert.notEqual(readFileSync(join(cwd, "result/x.spdx.json"), "utf8"), "");
  const plain = await build("--out", "plain");
  assert.doesNotMatch(plain.stderr, /sbom/);
  assert.deepEqual(readdirSync(join(cwd, "plain")), ["x", "x.manifest.json", "x.zst"]);
});

test("a package that was upgraded in the database alone is seen", async (t) => {
  const { build, read, cwd } = workshop(t);
  await build("--sbom", "cyclonedx");
  const status = dpkgStatus({ one: { version: "1.1" }, other: { version: "2.0" } });
  writeFileSync(join(cwd, "root/var/lib/dpkg/status"), status);
  await build("--sbom", "cyclonedx");
  assert.match(read("x.cdx.json"), /pkg:deb\/debian\/one@1\.1/);
  appendFileSync(join(cwd, "root/var/lib/dpkg/info/other.list"), "/etc/two\n");
  await build("--sbom", "cyclonedx");
  assert.match(read("x.cdx.json"), /pkg:deb\/debian\/other@2\.0/);
});

test("a file that changed is told with its new bytes by a build that takes its decision up again", async (t) => {
  const { build, read, cwd } = workshop(t);
  await build("--sbom", "spdx");
  const before = read("x.spdx.json");
  writeFileSync(join(cwd, "root/etc/one"), "one\n");
  const { code, stderr } = await build("--sbom", "spdx");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /2 of no package, 1 not as the package brought it/);
  const now = read("x.spdx.json");
  assert.notEqual(now, before);
  const { code: fresh } = await runCli(["build", "--no-cache", "--sbom", "spdx"], { cwd });
  assert.equal(fresh, 0);
  assert.equal(read("x.spdx.json"), now);
});

test("a build that fails leaves the earlier SBOM, and no database is a warning", async (t) => {
  const { build, read, cwd } = workshop(t);
  await build("--sbom", "spdx");
  const before = read("x.spdx.json");
  writeFileSync(join(cwd, "initrd.yaml"), `${RECIPE}budget: {image: 1}\n`);
  const failed = await build("--sbom", "spdx");
  assert.equal(failed.code, 1, failed.stderr);
  assert.equal(read("x.spdx.json"), before);
  writeFileSync(join(cwd, "initrd.yaml"), RECIPE);
  writeFileSync(join(cwd, "root/var/lib/dpkg/status"), "");
  const none = await build("--sbom", "spdx");
  assert.match(none.stderr, /warning\[packages\/no-database\]: the sysroot names no packages/);
});

test("a format that there is not is wrong usage", async (t) => {
  const { build } = workshop(t);
  const { code, stderr } = await build("--sbom", "swid");
  assert.equal(code, 2);
  assert.match(stderr, /--sbom is one of spdx, cyclonedx, not "swid"/);
});
