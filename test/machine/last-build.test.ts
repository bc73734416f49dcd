import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { type TestContext, test } from "node:test";
import type { ByteString, HostPath, TargetPath } from "../../src/core/path.ts";
import type { Host } from "../../src/core/ports.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { canTellChanges, rememberBuild, unchangedBuild } from "../../src/machine/last-build.ts";
import { Observer } from "../../src/machine/observations.ts";
import { scratchDirectory } from "../support/scratch.ts";

/** Longer ago than any file system's clock ticks. */
const LATER_MS = 5000;

/** A build that lists a directory, opens a file, looks for another in vain, reads a symlink and finds a program. */
function built(t: TestContext, startedAtMs = Date.now() + LATER_MS) {
  const directory = scratchDirectory(t);
  for (const name of ["tree", "tree/listed", "tree/passed", "cache"]) mkdirSync(`${directory}/${name}`);
  for (const name of ["tree/listed/a", "tree/passed/file", "output"])
    writeFileSync(`${directory}/${name}`, "x");
  symlinkSync("passed/file", `${directory}/tree/link`);
  const real = nodeHost({ jobs: 1, environment: { PATH: directory } });
  const observer = new Observer();
  const host = observer.watch(real);
  const tree = host.tree(`${directory}/tree` as HostPath);
  const at = (path: string) => path as ByteString as TargetPath;
  tree.list(at("listed"));
  for (const path of ["listed/a", "passed", "passed/none"]) tree.stat(at(path));
  tree.open(at("passed/file")).close();
  tree.readLink(at("link"));
  host.findProgram("compressor");
  writeFileSync(`${directory}/db.sqlite`, "x");
  const refuse = () => assert.fail("not asked");
  const databases = { live: refuse, file: () => ({ label: "", exportClosure: refuse }) };
  observer.watchDatabases(databases, real).file(`${directory}/db.sqlite` as HostPath);
  const name = {
    recipe: "r.yaml",
    sysroot: null,
    compressor: null,
    kernel: null as string | null,
    variables: new Map<string, string>(),
    out: "out",
    lock: "compare",
    sboms: [],
    emitsLayers: false,
    cache: `${directory}/cache` as HostPath,
  };
  const outputs = [`${directory}/output` as HostPath];
  const observations = observer.observations();
  if (canTellChanges(observations, startedAtMs))
    rememberBuild(name, real, { observations, outputs, summary: { said: "done" } });
  /** Whoever opens, lists or runs something fails. */
  const onlyLooking: Pick<Host, "tree" | "findProgram"> = {
    findProgram: real.findProgram,
    tree: (root) => {
      const refuse = () => assert.fail("only looked at");
      return { ...real.tree(root), open: refuse, list: refuse, readLink: refuse };
    },
  };
  return { directory, name, again: () => unchangedBuild(name, onlyLooking) };
}

test("a build with nothing to do only looks, and says what the last one said", (t) => {
  const { again, directory } = built(t);
  assert.deepEqual(again(), { said: "done" });
  // What was not looked at may change: a name beside those that were asked for.
  writeFileSync(`${directory}/tree/passed/other`, "");
  assert.deepEqual(again(), { said: "done" });
});

const CHANGES: Readonly<Record<string, (directory: string) => void>> = {
  "a file is longer": (directory) => appendFileSync(`${directory}/tree/passed/file`, "y"),
  "a file is of other bytes and the same length": (directory) =>
    writeFileSync(`${directory}/tree/passed/file`, "y"),
  "a file has another mode": (directory) => chmodSync(`${directory}/tree/listed/a`, 0o600),
  "a file was replaced by its copy, times and all": (directory) => {
    writeFileSync(`${directory}/copy`, "x");
    utimesSync(`${directory}/copy`, 1, 1);
    renameSync(`${directory}/copy`, `${directory}/tree/passed/file`);
  },
  "a listed directory has another name in it": (directory) => writeFileSync(`${directory}/tree/listed/b`, ""),
  "what was looked for in vain is there": (directory) => writeFileSync(`${directory}/tree/passed/none`, ""),
  "a symlink leads elsewhere": (directory) => {
    rmSync(`${directory}/tree/link`);
    symlinkSync("passed/other", `${directory}/tree/link`);
  },
  "a database was written to": (directory) => writeFileSync(`${directory}/db.sqlite-wal`, "y"),
  "a program is found": (directory) => writeFileSync(`${directory}/compressor`, "", { mode: 0o755 }),
  "the result was written to": (directory) => appendFileSync(`${directory}/output`, "y"),
  "the result is gone": (directory) => rmSync(`${directory}/output`),
  "the tree is gone": (directory) => rmSync(`${directory}/tree`, { recursive: true }),
  "the record is cut short": (directory) => {
    const [file] = readdirSync(`${directory}/cache/builds-v1`);
    writeFileSync(`${directory}/cache/builds-v1/${file}`, "initgraph build 1\n{}");
  },
};

for (const [what, change] of Object.entries(CHANGES)) {
  test(`the build runs again where ${what}`, (t) => {
    const { again, directory } = built(t);
    change(directory);
    assert.equal(again(), null);
  });
}

test("a build is remembered by all that it was asked for, and not where a file was as young as the clock's tick", (t) => {
  const { name, again } = built(t);
  assert.notEqual(again(), null);
  const host = nodeHost({ jobs: 1, environment: {} });
  for (const other of [
    { recipe: "s.yaml" },
    { sysroot: "/" },
    { compressor: "gzip" },
    { kernel: "6.1" },
    { variables: new Map([["KERNEL", "6.1"]]) },
    { out: "elsewhere" },
    { lock: "obey" },
    { sboms: ["spdx"] },
    { emitsLayers: true },
  ]) {
    assert.equal(unchangedBuild({ ...name, ...other }, host), null);
  }
  assert.equal(built(t, Date.now()).again(), null);
});
