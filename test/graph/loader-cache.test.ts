import assert from "node:assert/strict";
import { test } from "node:test";
import { showPath } from "../../src/core/path.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { closeReferences } from "../../src/graph/close.ts";
import type { Closure } from "../../src/graph/graph.ts";
import { fileNode } from "../../src/graph/references.ts";
import { type ElfWish, writeElf } from "../support/elf-writer.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { file, inlineText, object, type SpecParts, specOf, target } from "../support/specs.ts";
import { LOADER, loaderFile } from "./loader/loading.ts";

const CACHE = "/etc/ld.so.cache";
const library = (soname: string, wish: ElfWish = {}) => writeElf({ soname, ...wish });
const program = (...needed: string[]) => ({
  mode: 0o755,
  bytes: writeElf({ interpreter: LOADER, needed }),
});

const TREE: Readonly<Record<string, MemoryFile>> = {
  [LOADER]: loaderFile(),
  "/etc/ld.so.conf": "/opt/lib\n/srv/lib\n",
  "/bin/plain": program("liba.so.1"),
  "/bin/special": program("liba.so.1", "libb.so.2"),
  "/lib/liba.so.1": library("liba.so.1"),
  "/lib/libunused.so.1": library("libunused.so.1"),
  "/opt/lib/libb.so.2": { symlink: "libb.so.2.1" },
  "/opt/lib/libb.so.2.1": library("libb.so.2"),
  "/srv/lib/libb.so.2": library("libb.so.2"),
  "/srv/lib/libplugin.so": library("libplugin.so"),
  "/srv/lib/libnolink.so.1.5": library("libnolink.so.1"),
  "/srv/lib/libforeign.so": library("libforeign.so", { machine: 183 }),
  "/srv/lib/libother.so": library("libother.so", { machine: 3, bits: 32 }),
  "/srv/lib/plugin.so": library("plugin.so"),
};

function close(parts: SpecParts, tree = TREE): Closure {
  const trees = {
    sysroot: memoryTree("/sysroot", tree),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", {}),
  };
  return closeReferences(specOf(parts), trees, { from: "scan" }, () => {});
}

function problemsOf(parts: SpecParts): readonly Problem[] {
  try {
    close(parts);
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  return [];
}

/** The paths that a cache leads to, in the order of their bytes. */
function cachedIn(closure: Closure): string[] | null {
  const claim = closure.claims.find(({ entry }) => showPath(entry.path) === CACHE);
  if (claim?.entry.kind !== "file" || claim.entry.source.from !== "recipe") return null;
  const bytes = Buffer.from(claim.entry.source.bytes);
  const paths = Array.from({ length: bytes.readUInt32LE(20) }, (_, index) => {
    const at = bytes.readUInt32LE(48 + index * 24 + 8);
    return bytes.toString("latin1", at, bytes.indexOf(0, at));
  });
  return paths.sort();
}

test("an image has no cache where the loader finds all without one", () => {
  assert.equal(cachedIn(close({ contents: [object("/bin/plain")] })), null);
});

test("it has one, with all of its libraries, where one of them is found by the cache alone", () => {
  const closure = close({ contents: [object("/bin/special")] });
  assert.deepEqual(cachedIn(closure), ["/lib/liba.so.1", "/opt/lib/libb.so.2"]);
  const [edge] = closure.references.referencesTo(fileNode(target(CACHE)));
  assert.deepEqual([edge?.reason, edge?.says], ["loader-cache", "libb.so.2"]);
});

test("a library that is named comes into it under its soname, if that leads to it", () => {
  const names = [
    "libb.so.2",
    "libplugin.so",
    "libnolink.so.1.5",
    "libforeign.so",
    "libother.so",
    "plugin.so",
  ];
  const contents = [object("/bin/plain"), ...names.map((name) => object(`/srv/lib/${name}`))];
  assert.deepEqual(cachedIn(close({ contents, loaderCache: "always" })), [
    "/lib/liba.so.1",
    "/srv/lib/libb.so.2",
    "/srv/lib/libother.so",
    "/srv/lib/libplugin.so",
  ]);
});

test("asked for, it is there in any case, and the recipe is the reason", () => {
  const closure = close({ contents: [object("/bin/plain")], loaderCache: "always" });
  assert.deepEqual(cachedIn(closure), ["/lib/liba.so.1"]);
  const [edge] = closure.references.chainTo(fileNode(target(CACHE)));
  assert.equal(edge?.from, "recipe:closure/loaderCache");
});

test("refused, what only a cache leads to is not found", () => {
  assert.equal(cachedIn(close({ contents: [object("/bin/plain")], loaderCache: "never" })), null);
  const [problem] = problemsOf({ contents: [object("/bin/special")], loaderCache: "never" });
  assert.ok(problem?.code === "graph/library-not-found");
  assert.equal(problem.soname, "libb.so.2");
  assert.ok(!problem.searched.some((place) => place.includes("ld.so.conf")), problem.searched.join());
});

test("one that the recipe brings itself stays", () => {
  const own = [file(CACHE, inlineText("mine"))];
  const closure = close({ contents: [object("/bin/special")], files: own, loaderCache: "always" });
  const claims = closure.claims.filter(({ entry }) => showPath(entry.path) === CACHE);
  assert.equal(claims.length, 1);
});

test("directories are those of the image, by the first name that leads there", () => {
  const merged = {
    [LOADER]: loaderFile(["/lib/", "/usr/lib/"]),
    "/lib": { symlink: "usr/lib" },
    "/etc/ld.so.conf": "/usr/lib\n/opt/none\n",
    "/bin/plain": program("liba.so.1"),
    "/usr/lib/liba.so.1": library("liba.so.1"),
  };
  const cached = cachedIn(close({ contents: [object("/bin/plain")], loaderCache: "always" }, merged));
  // A loader with directories as upstream has them: ldconfig then looks in /lib64 as well.
  assert.deepEqual(cached, ["/lib64/ld-linux-x86-64.so.2", "/usr/lib/liba.so.1"]);
});
