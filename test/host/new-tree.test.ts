import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ByteString, ROOT, type TargetPath } from "../../src/core/path.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { NewTree } from "../../src/host/new-tree.ts";
import { processNames } from "../../src/host/processes.ts";
import { hostPath } from "../support/disk-files.ts";
import { scratchDirectory } from "../support/scratch.ts";

const PROCESSES = processNames();
const LOOKS = { mode: 0o755, uid: 0, gid: 0, mtime: 1000 };

function open(path: string, over: "nothing" | "others" = "nothing", processes = PROCESSES): NewTree {
  return new NewTree({ path: hostPath(path), over, keepsOwners: false }, processes);
}

function put(tree: NewTree, path: string, text: string, mode = 0o644): void {
  const file = tree.makeFile(path as TargetPath);
  file.write(Buffer.from(text));
  file.close({ ...LOOKS, mode });
}

function problemOf(work: () => void): Problem | undefined {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof BuildFailure, String(error));
    return error.problems[0];
  }
  return undefined;
}

test("a tree has its name when it is whole, with modes and times", (t) => {
  const scratch = scratchDirectory(t);
  const path = join(scratch, "above", "new");
  const tree = open(path);
  tree.makeDirectory("shut" as TargetPath);
  put(tree, "shut/file", "text", 0o4751);
  tree.makeLink("link" as TargetPath, "shut/file" as TargetPath);
  tree.makeSymlink("to" as TargetPath, "/nowhere" as ByteString, LOOKS);
  tree.dressDirectory("shut" as TargetPath, { ...LOOKS, mode: 0 });
  tree.dressDirectory(ROOT, { ...LOOKS, mode: 0o555 });
  assert.equal(existsSync(path), false);
  tree.commit();
  tree.discard();
  assert.deepEqual(readdirSync(join(scratch, "above")), ["new"]);
  const modes = ["", "shut", "link"].map((name) => lstatSync(join(path, name)).mode & 0o7777);
  assert.deepEqual(modes, [0o555, 0, 0o4751]);
  const times = ["", "shut", "link", "to"].map((name) => lstatSync(join(path, name)).mtimeMs);
  assert.deepEqual(times, [1e6, 1e6, 1e6, 1e6]);
  assert.equal(readlinkSync(join(path, "to")), "/nowhere");
  assert.equal(lstatSync(join(path, "link")).nlink, 2);
  for (const name of ["", "shut"]) chmodSync(join(path, name), 0o755);
});

test("what is discarded leaves nothing, whatever modes it had", (t) => {
  const scratch = scratchDirectory(t);
  const tree = open(join(scratch, "new"));
  const deep = Array.from({ length: 50 }, (_, depth) =>
    Array(depth + 1)
      .fill("d")
      .join("/"),
  );
  for (const path of deep) tree.makeDirectory(path as TargetPath);
  put(tree, `${deep.at(-1)}/file`, "text", 0);
  tree.makeSymlink("up" as TargetPath, scratch as ByteString, LOOKS);
  for (const path of deep.toReversed()) tree.dressDirectory(path as TargetPath, { ...LOOKS, mode: 0 });
  tree.discard();
  assert.deepEqual(readdirSync(scratch), []);
});

test("nothing is made twice, nor behind a symlink", (t) => {
  const tree = open(join(scratchDirectory(t), "new"));
  t.after(() => tree.discard());
  put(tree, "one", "first");
  const twice = problemOf(() => tree.makeFile("one" as TargetPath));
  assert.ok(twice?.code === "host/cannot-write");
  assert.equal(twice.errno, "EEXIST");
  tree.makeSymlink("etc" as TargetPath, "/etc" as ByteString, LOOKS);
  assert.throws(() => tree.makeFile("etc/passwd" as TargetPath), TypeError);
  assert.throws(() => tree.makeDirectory("etc/x" as TargetPath), TypeError);
});

test("a directory that is there is filled if it is empty, and with --add beside others; no name is written over", (t) => {
  const scratch = scratchDirectory(t);
  mkdirSync(join(scratch, "real"));
  symlinkSync("real", join(scratch, "there"));
  const first = open(join(scratch, "there"));
  first.makeDirectory("shut" as TargetPath);
  put(first, "shut/a", "first");
  first.dressDirectory("shut" as TargetPath, { ...LOOKS, mode: 0o555 });
  first.commit();
  assert.deepEqual(readdirSync(join(scratch, "real")), ["shut"]);
  assert.equal(lstatSync(join(scratch, "real/shut")).mode & 0o777, 0o555);
  assert.equal(lstatSync(join(scratch, "real/shut")).mtimeMs, 1e6);

  assert.deepEqual(
    problemOf(() => open(join(scratch, "there"))),
    { code: "host/not-empty", path: join(scratch, "there"), found: "shut" },
  );
  const beside = open(join(scratch, "there"), "others");
  put(beside, "b", "second");
  beside.commit();
  assert.deepEqual(readdirSync(join(scratch, "real")), ["b", "shut"]);

  const taken = open(join(scratch, "there"), "others");
  for (const name of ["a", "b"]) put(taken, name, "third");
  assert.deepEqual(
    problemOf(() => taken.commit()),
    { code: "host/names-taken", path: join(scratch, "there"), names: ["b"] },
  );
  taken.discard();
  assert.deepEqual(readdirSync(join(scratch, "real")), ["b", "shut"]);
  assert.equal(readFileSync(join(scratch, "real/b"), "utf8"), "second");
});

test("a file, and a symlink that leads nowhere, are no directories", (t) => {
  const scratch = scratchDirectory(t);
  writeFileSync(join(scratch, "file"), "");
  symlinkSync("nowhere", join(scratch, "link"));
  for (const name of ["file", "link"]) {
    assert.equal(problemOf(() => open(join(scratch, name)))?.code, "host/not-a-directory");
  }
  assert.deepEqual(readdirSync(scratch), ["file", "link"]);
});

test("what a dead process left goes with the next try, what a living one is filling stays", (t) => {
  const scratch = scratchDirectory(t);
  const path = join(scratch, "new");
  const dead = { self: "4711-1-ab", isAlive: () => false };
  const left = open(path, "nothing", dead);
  left.makeDirectory("d" as TargetPath);
  left.dressDirectory("d" as TargetPath, { ...LOOKS, mode: 0 });
  const living = open(path, "nothing", { ...dead, self: "4712-1-ab" });
  assert.equal(readdirSync(scratch).length, 1);
  const other = open(path, "nothing", { self: "4713-1-ab", isAlive: () => true });
  assert.equal(readdirSync(scratch).length, 2);
  for (const tree of [living, other]) tree.discard();
});
