/** The same recipe gives the same bytes, whoever builds it, where, when and how. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { NOBODY, requireOtherUser } from "../support/other-user.ts";
import { scratchDirectory } from "../support/scratch.ts";

const MAIN = fileURLToPath(new URL("../../bin/cli/main.js", import.meta.url));

const RECIPE = `name: image
sysroot: ./root
contents:
  - object: /usr/share/data
  - object: /bin/tool
    symlink: /tool
  - object: ./init
    target: /init
  - object: ./overlay
    target: /opt
files:
  /etc/motd: hello
  /dev/console: { device: c, major: 5, minor: 1, mode: 0600 }
  /run/fifo: { fifo: true, mode: 0620, uid: 7, gid: 8 }
`;

interface Circumstances {
  readonly umask: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly jobs: number;
  /** Files made in this order, hard-linked to something outside or not, with these times. */
  readonly isReversed: boolean;
  readonly isLinked: boolean;
  readonly mtime: number;
}

const PLAIN: Circumstances = {
  umask: 0o022,
  variables: {},
  jobs: 1,
  isReversed: false,
  isLinked: false,
  mtime: 1,
};

/** A recipe with its tree, made anew as a checkout under another umask would make it. */
function makeRecipe(directory: string, here: Circumstances): void {
  const files: [path: string, text: string, mode: number][] = [
    ["root/usr/lib/interpreter", "an interpreter", 0o755],
    ["root/usr/bin/tool", "#!/usr/lib/interpreter -x\n", 0o4755],
    ...Array.from({ length: 40 }, (_, at): [string, string, number] => [
      `root/usr/share/data/file ${at}`,
      "x".repeat(at * 997),
      0o640,
    ]),
    ["init", "#!/bin/tool\n", 0o755 & ~here.umask],
    ["overlay/a/b", "in the overlay", 0o666 & ~here.umask],
  ];
  for (const [path, text, mode] of here.isReversed ? files.reverse() : files) {
    const at = join(directory, path);
    mkdirSync(join(at, ".."), { recursive: true });
    writeFileSync(at, text);
    chmodSync(at, mode);
    utimesSync(at, here.mtime, here.mtime);
    if (here.isLinked) linkSync(at, join(directory, `link-${path.replaceAll("/", "-")}`));
  }
  for (const at of [
    "root",
    "root/usr",
    "root/usr/lib",
    "root/usr/bin",
    "root/usr/share",
    "root/usr/share/data",
  ]) {
    chmodSync(join(directory, at), 0o755);
  }
  symlinkSync("usr/bin", join(directory, "root/bin"));
  writeFileSync(join(directory, "initrd.yaml"), RECIPE);
}

function buildUnder(
  t: TestContext,
  compressor: string,
  changes: Partial<Circumstances>,
): Map<string, Buffer> {
  const here = { ...PLAIN, ...changes };
  const directory = scratchDirectory(t);
  makeRecipe(directory, here);
  const script = `process.umask(${here.umask}); await import(${JSON.stringify(MAIN)});`;
  const args = [
    "build",
    "--out",
    "out",
    "--cache",
    "kept",
    "--compressor",
    compressor,
    "--jobs",
    String(here.jobs),
  ];
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script, "--", "initgraph", ...args], {
    cwd: directory,
    env: { PATH: process.env["PATH"], HOME: directory, ...here.variables },
    encoding: "utf8",
  });
  assert.equal(run.status, 0, run.stderr);
  const out = join(directory, "out");
  return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
}

const ALTERED: Partial<Circumstances>[] = [
  { umask: 0o077 },
  { umask: 0o000, jobs: 4 },
  { variables: { TZ: "Pacific/Apia", LC_ALL: "tr_TR.UTF-8", LANG: "ja_JP.eucJP" } },
  { isReversed: true, mtime: 1_900_000_000 },
  { isLinked: true },
  { variables: { ZSTD_CLEVEL: "1", GZIP: "-1", XZ_OPT: "-9", COLUMNS: "40" } },
];

for (const compressor of ["zstd", "gzip", "none"]) {
  test(`${compressor}: umask, user's settings, time, directory order and hard links leave no trace`, (t) => {
    const expected = buildUnder(t, compressor, {});
    for (const changes of ALTERED)
      assert.deepEqual(buildUnder(t, compressor, changes), expected, JSON.stringify(changes));
  });
}

test("another user on another day builds the same", requireOtherUser(), (t) => {
  const images = [0, NOBODY].map((uid) => {
    const own = scratchDirectory(t);
    makeRecipe(own, PLAIN);
    assert.equal(spawnSync("chown", ["-R", String(uid), own]).status, 0);
    const env = { PATH: process.env["PATH"], HOME: own };
    const args = [MAIN, "build", "--out", "out", "--cache", "kept"];
    const run = spawnSync(process.execPath, args, { cwd: own, uid, encoding: "utf8", env });
    assert.equal(run.status, 0, run.stderr);
    return readFileSync(join(own, "out/image"));
  });
  assert.deepEqual(images[0], images[1]);
});
