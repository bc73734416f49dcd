/**
 * Reference test: our bytes against GNU cpio's own. Before 2.14, `--reproducible` keeps the link count that the
 * disk has for a directory (on most file systems it depends on the subdirectories); the rule since is 2, and
 * that one field is set to it in what an older cpio wrote.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { test } from "node:test";
import { CpioDecoder } from "../../src/formats/cpio-decode.ts";
import { archiveOf, directory, file, special, symlink, type TestEntry } from "../support/archive.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireRoot, requireTool } from "../support/tools.ts";

const EPOCH = 1_234_567_890;

test("writes what GNU cpio writes for odd names, modes and targets", requireTool("cpio"), (t) => {
  const root = scratchDirectory(t);
  makeOddTree(root);
  assertSame(root);
});

test(
  "writes what GNU cpio writes for device nodes",
  requireAll(requireTool("cpio", "mknod"), requireRoot()),
  (t) => {
    const root = scratchDirectory(t);
    for (const node of [
      ["console", "c", "5", "1"],
      ["sda", "b", "8", "0"],
      ["large", "b", "259", "70000"],
    ]) {
      const made = spawnSync("mknod", node, { cwd: root });
      if (made.status !== 0) return t.skip("this machine forbids device nodes");
    }
    assertSame(root);
  },
);

function makeOddTree(root: string): void {
  const at = (path: string): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
  const names = [
    "a b",
    "line\nbreak",
    "\xff\xfe raw",
    "-dash",
    "a-b",
    "tab\t",
    "\u00e4",
    "TRAILER",
    "x".repeat(255),
  ];
  for (const name of names) writeFileSync(at(name), name);
  mkdirSync(at("a"));
  writeFileSync(at("a/x"), "");
  writeFileSync(at("a/..."), "dots");
  for (let deep = "deep", depth = 0; depth < 30; depth++, deep += `/${"d".repeat(60)}`) mkdirSync(at(deep));
  for (let size = 1; size < 9; size++) writeFileSync(at(`size${size}`), "s".repeat(size));
  writeFileSync(at("suid"), "#!");
  chmodSync(at("suid"), 0o4755);
  writeFileSync(at("none"), "");
  chmodSync(at("none"), 0);
  mkdirSync(at("sticky"));
  chmodSync(at("sticky"), 0o1777);
  const targets = [
    "./a",
    "../a",
    "././a",
    ".//a//b",
    "./",
    ".",
    "/abs/./x",
    "sp ace",
    "\xff",
    "t".repeat(4000),
  ];
  targets.forEach((to, index) => {
    symlinkSync(Buffer.from(to, "latin1"), at(`link${index}`));
  });
  assert.equal(spawnSync("mkfifo", ["-m", "640", `${root}/fifo`]).status, 0);
}

function assertSame(root: string): void {
  const entries = entriesBelow(root);
  const setTimes = spawnSync("sh", ["-c", `find . -depth -exec touch -hd @${EPOCH} {} +`], { cwd: root });
  assert.equal(setTimes.status, 0, setTimes.stderr.toString());
  const pipeline =
    "find . -print0 | LC_ALL=C sort -z | cpio -o -H newc -R +0:+0 --reproducible --null --quiet";
  const run = spawnSync("sh", ["-c", pipeline], { cwd: root, maxBuffer: 2 ** 28 });
  assert.equal(run.status, 0, run.stderr.toString());
  const ours = archiveOf(entries, 0, EPOCH);
  assert.equal(Buffer.compare(ours, withTwoLinks(run.stdout)), 0, firstDifference(ours, run.stdout));
}

/** The rule of cpio 2.14 for directories: `--ignore-dirnlink`. */
function withTwoLinks(archive: Buffer): Buffer {
  const copy = Buffer.from(archive);
  const decoder = new CpioDecoder({
    entry: ({ mode, offset }) => {
      if ((mode & 0o170000) === 0o040000) copy.write("00000002", offset + 38, "latin1");
    },
  });
  decoder.push(archive);
  return copy;
}

function entriesBelow(root: string): TestEntry[] {
  const found = [""];
  for (const path of found) {
    const place = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
    if (!lstatSync(place).isDirectory()) continue;
    for (const name of readdirSync(place, "latin1")) found.push(path === "" ? name : `${path}/${name}`);
  }
  // As `find .` prints them and sort orders them.
  const order = found.map((path) => ({ path, key: path === "" ? "." : `./${path}` }));
  order.sort((a, b) => (a.key < b.key ? -1 : 1));
  return order.map(({ path }) => entryAt(root, path));
}

function entryAt(root: string, path: string): TestEntry {
  const place = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, "latin1")]);
  const stats = lstatSync(place);
  const mode = stats.mode & 0o7777;
  const numbers = [
    Math.floor(stats.rdev / 256) & 0xfff,
    (stats.rdev & 0xff) | ((stats.rdev >>> 12) & 0xfff00),
  ];
  if (stats.isDirectory()) return directory(path, mode);
  if (stats.isSymbolicLink()) return symlink(path, readlinkSync(place, "latin1"));
  if (stats.isFIFO()) return special(path, "fifo", mode);
  if (stats.isCharacterDevice()) return special(path, "char", mode, numbers);
  if (stats.isBlockDevice()) return special(path, "block", mode, numbers);
  return file(path, readFileSync(place), mode);
}

function firstDifference(ours: Uint8Array, theirs: Uint8Array): string {
  const at = ours.findIndex((byte, index) => byte !== theirs[index]);
  const around = (bytes: Uint8Array): string =>
    Buffer.from(bytes.subarray(Math.max(0, at - 130), at + 130)).toString("latin1");
  return `lengths ${ours.length} and ${theirs.length}, first difference at ${at}:\n${around(ours)}\n${around(theirs)}`;
}
