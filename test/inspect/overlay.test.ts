/** Where the kernel would put further files on a finished image. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ByteString } from "../../src/core/path.ts";
import { CPIO_TYPE } from "../../src/formats/cpio.ts";
import { overlayOn } from "../../src/inspect/overlay.ts";
import { UnpackedTree } from "../../src/inspect/unpacked-tree.ts";
import { target } from "../support/specs.ts";

/** `etc/` is a directory, `lib -> usr/lib` a symlink, all else a file. */
function treeOf(...names: readonly string[]): UnpackedTree {
  const tree = new UnpackedTree([]);
  for (const text of names) {
    const [name = "", to = null] = text.split(" -> ");
    const kind = to !== null ? "symlink" : name.endsWith("/") ? "directory" : "file";
    const numbers = { ino: 0, uid: 0, gid: 0, nlink: 1, mtime: 0, size: 0, devMajor: 0, devMinor: 0 };
    const others = { rdevMajor: 0, rdevMinor: 0, nameSize: 1, check: 0, offset: 0 };
    const entry = { mode: CPIO_TYPE[kind], name: name.replace(/\/$/, "") as ByteString };
    tree.add({ ...numbers, ...others, ...entry, to: to as ByteString | null }, 0);
  }
  return tree;
}

function overlay(tree: UnpackedTree, ...paths: readonly string[]) {
  const { entries, obstacles } = overlayOn(
    paths.map((path) => ({ target: target(path) })),
    tree,
  );
  return {
    entries: entries.map(({ path, item }) => (item === null ? `${path}/` : path)),
    obstacles: obstacles.map(({ path, at, found }) => `${path}: ${at} is a ${found}`),
  };
}

test("what lies in directories of the image needs nothing else", () => {
  assert.deepEqual(overlay(treeOf("etc/"), "/etc/key", "/key").entries, ["etc/key", "key"]);
});

test("directories that the image has not come first", () => {
  const { entries } = overlay(treeOf("etc/"), "/etc/a/b/key", "/etc/a/other", "/opt/key");
  assert.deepEqual(entries, ["etc/a/", "etc/a/b/", "etc/a/b/key", "etc/a/other", "opt/", "opt/key"]);
});

test("a symlink of the image is gone through, never written over", () => {
  const tree = treeOf("usr/", "usr/lib/", "lib -> usr/lib", "var/", "var/run -> /run", "abs -> /lib");
  assert.deepEqual(overlay(tree, "/lib/key").entries, ["usr/lib/key"]);
  assert.deepEqual(overlay(tree, "/abs/deep/key").entries, ["usr/lib/deep/", "usr/lib/deep/key"]);
  assert.deepEqual(overlay(tree, "/var/run/key").entries, ["run/", "run/key"]);
});

test("what is there already, by whatever path, stays", () => {
  const tree = treeOf("usr/", "usr/lib/", "usr/lib/x", "lib -> usr/lib", "etc/", "dangling -> nowhere");
  assert.deepEqual(overlay(tree, "/lib/x").obstacles, ["usr/lib/x: usr/lib/x is a file"]);
  assert.deepEqual(overlay(tree, "/etc").obstacles, ["etc: etc is a directory"]);
  assert.deepEqual(overlay(tree, "/dangling").obstacles, ["dangling: dangling is a symlink"]);
  assert.deepEqual(overlay(tree, "/usr/lib/x/key").obstacles, ["usr/lib/x/key: usr/lib/x is a file"]);
});

test("two of them are as much in each other's way", () => {
  const tree = treeOf("usr/", "usr/lib/", "lib -> usr/lib");
  assert.deepEqual(overlay(tree, "/lib/x", "/usr/lib/x").obstacles, ["usr/lib/x: usr/lib/x is a file"]);
  assert.deepEqual(overlay(tree, "/a", "/a/b").obstacles, ["a/b: a is a file"]);
  assert.deepEqual(overlay(tree, "/a/b", "/a").obstacles, ["a: a is a directory"]);
});

test("symlinks in a circle lead nowhere", () => {
  const { entries, obstacles } = overlay(treeOf("a -> b", "b -> a"), "/a/key");
  assert.deepEqual([entries, obstacles.length], [[], 1]);
});
