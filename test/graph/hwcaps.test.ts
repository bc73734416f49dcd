import assert from "node:assert/strict";
import { test } from "node:test";
import { showPath } from "../../src/core/path.ts";
import { closeReferences } from "../../src/graph/close.ts";
import type { HwcapsWish } from "../../src/spec/spec.ts";
import { writeElf } from "../support/elf-writer.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { object, specOf } from "../support/specs.ts";
import { LOADER, loaderFile } from "./loader/loading.ts";

const LIB = "/usr/lib/x86_64-linux-gnu";
const V3 = `${LIB}/glibc-hwcaps/x86-64-v3/liba.so.1`;
const V2 = `${LIB}/glibc-hwcaps/x86-64-v2/liba.so.1`;
const FIRST = "/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v4/liba.so.1";
const library = (needed: readonly string[] = []) => writeElf({ soname: "liba.so.1", needed });

const TREE = {
  [LOADER]: loaderFile(),
  "/bin/main": { mode: 0o755, bytes: writeElf({ interpreter: LOADER, needed: ["liba.so.1"] }) },
  [`${LIB}/liba.so.1`]: library(),
  [V2]: library(),
  [V3]: library(["libfast.so.1"]),
  [`${LIB}/glibc-hwcaps/other/liba.so.1`]: writeElf({ machine: 183 }),
  [`${LIB}/libfast.so.1`]: writeElf({ soname: "libfast.so.1" }),
  // a directory before the one that has the plain library, and one behind it
  [FIRST]: library(),
  "/usr/lib/glibc-hwcaps/x86-64-v3/liba.so.1": library(),
};

function librariesOf(hwcaps: HwcapsWish, tree: Readonly<Record<string, MemoryFile>> = TREE): string[] {
  const trees = {
    sysroot: memoryTree("/sysroot", tree),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", {}),
  };
  const spec = specOf({ contents: [object("/bin/main")], hwcaps });
  const { claims } = closeReferences(spec, trees, { from: "scan" }, () => {});
  const paths = claims.filter(({ entry }) => entry.kind === "file").map(({ entry }) => showPath(entry.path));
  return paths.filter((path) => path !== LOADER && path !== "/bin/main").sort();
}

test("the plain library alone comes by default", () => {
  assert.deepEqual(librariesOf([]), [`${LIB}/liba.so.1`]);
});

test("variants come besides it, with what they need, from where the loader looks until it finds the plain one", () => {
  assert.deepEqual(librariesOf("all"), [FIRST, V2, V3, `${LIB}/liba.so.1`, `${LIB}/libfast.so.1`].sort());
});

test("through a cache they come from all directories that it has, whatever their files are called", () => {
  const opt = "/opt/lib/glibc-hwcaps/x86-64-v3/liba.so.1.7";
  const later = "/srv/lib/glibc-hwcaps/x86-64-v2/liba.so.1";
  const tree = {
    [LOADER]: loaderFile(),
    "/bin/main": TREE["/bin/main"],
    "/etc/ld.so.conf": "/opt/lib\n/srv/lib\n",
    "/opt/lib/liba.so.1": library(),
    [opt]: library(),
    [later]: library(),
    "/opt/lib/glibc-hwcaps/x86-64-v3/libb.so.1": writeElf({ soname: "libb.so.1" }),
  };
  const cache = "/etc/ld.so.cache";
  assert.deepEqual(librariesOf("all", tree), [cache, opt, "/opt/lib/liba.so.1", later]);
  assert.deepEqual(librariesOf(["x86-64-v2"], tree), [cache, "/opt/lib/liba.so.1", later]);
});

test("levels may be chosen by name", () => {
  assert.deepEqual(librariesOf(["x86-64-v2"]), [V2, `${LIB}/liba.so.1`]);
  assert.deepEqual(librariesOf(["power10"]), [`${LIB}/liba.so.1`]);
});
