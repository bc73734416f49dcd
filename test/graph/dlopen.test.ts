import assert from "node:assert/strict";
import { test } from "node:test";
import { showPath } from "../../src/core/path.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { DLOPEN_PRIORITIES, type DlopenPriority } from "../../src/formats/elf-notes.ts";
import { closeReferences } from "../../src/graph/close.ts";
import type { Closure } from "../../src/graph/graph.ts";
import { fileNode } from "../../src/graph/references.ts";
import type { Allowance } from "../../src/spec/spec.ts";
import { type ElfWish, writeElf } from "../support/elf-writer.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { object, spanAt, specOf, target } from "../support/specs.ts";
import { LOADER, loaderFile } from "./loader/loading.ts";

const program = (wish: ElfWish): MemoryFile => ({
  mode: 0o755,
  bytes: writeElf({ interpreter: LOADER, ...wish }),
});
const library = (soname: string, wish: ElfWish = {}) => writeElf({ soname, ...wish });
const note = (soname: readonly string[], priority: DlopenPriority, feature = "f") =>
  JSON.stringify([{ soname, feature, priority }]);

/** A program whose library opens libz by RUNPATH, which needs another; and one more of each priority. */
const TREE = {
  [LOADER]: loaderFile(),
  "/bin/main": program({ needed: ["libkmod.so.2"] }),
  "/lib/libkmod.so.2": library("libkmod.so.2", {
    runpath: "/opt/lib",
    notes: [
      note(["libz-ng.so.2", "libz.so.1"], "required", "gzip"),
      note(["liblzma.so.5"], "recommended", "xz"),
      note(["libqr.so.4"], "suggested", "qr"),
    ],
  }),
  "/opt/lib/libz.so.1": library("libz.so.1", { needed: ["libdeep.so.1"] }),
  "/lib/libdeep.so.1": library("libdeep.so.1"),
  "/lib/liblzma.so.5": library("liblzma.so.5"),
  "/lib/libqr.so.4": library("libqr.so.4"),
};

interface Wish {
  readonly least?: DlopenPriority | "none";
  readonly without?: readonly string[];
  readonly allow?: readonly string[];
}

function close({ least = "recommended", without = [], allow = [] }: Wish): Closure {
  const files = Object.fromEntries(Object.entries(TREE).filter(([path]) => !without.includes(path)));
  const trees = {
    sysroot: memoryTree("/sysroot", files),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", {}),
  };
  const dlopen = DLOPEN_PRIORITIES.slice(0, (DLOPEN_PRIORITIES as readonly string[]).indexOf(least) + 1);
  const allowances: Allowance[] = allow.map((missing) => ({
    at: spanAt(9),
    missing,
    neededBy: null,
    reason: "known",
  }));
  const spec = specOf({ contents: [object("/bin/main")], dlopen, allow: allowances });
  return closeReferences(spec, trees, { from: "scan" }, () => {});
}

function librariesOf(closure: Closure): string[] {
  return closure.claims
    .map(({ entry }) => showPath(entry.path))
    .filter((path) => path.includes(".so") && path !== LOADER)
    .sort();
}

function problemsOf(wish: Wish): readonly Problem[] {
  try {
    close(wish);
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  return [];
}

test("what a note declares is searched like a needed library of its object, and comes with its own libraries", () => {
  assert.deepEqual(librariesOf(close({})), [
    "/lib/libdeep.so.1",
    "/lib/libkmod.so.2",
    "/lib/liblzma.so.5",
    "/opt/lib/libz.so.1",
  ]);
});

test("the priority that the recipe says, and those above it, are followed", () => {
  const count = (least: DlopenPriority | "none") => librariesOf(close({ least })).length;
  assert.deepEqual([...DLOPEN_PRIORITIES, "none" as const].map(count), [3, 4, 5, 1]);
});

test("the edge says that it is a note, with its feature, its priority and the rule that found it", () => {
  const { references } = close({});
  const [edge] = references.referencesTo(fileNode(target("/opt/lib/libz.so.1")));
  assert.deepEqual(
    [edge?.reason, edge?.says, edge?.found],
    ["dlopen-note", "libz.so.1 (gzip, required)", "runpath of /lib/libkmod.so.2"],
  );
});

test("a required or recommended one that is followed and missing is a problem, a suggested one is none", () => {
  const without = ["/opt/lib/libz.so.1", "/lib/liblzma.so.5", "/lib/libqr.so.4"];
  const found = problemsOf({ least: "suggested", without });
  assert.deepEqual(
    found.map(
      (one) => one.code === "graph/dlopen-not-found" && [one.sonames, one.priority, one.chain.through],
    ),
    [
      [["libz-ng.so.2", "libz.so.1"], "required", ["/lib/libkmod.so.2", "/bin/main"]],
      [["liblzma.so.5"], "recommended", ["/lib/libkmod.so.2", "/bin/main"]],
    ],
  );
  assert.deepEqual(problemsOf({ least: "none", without }), []);
  assert.deepEqual(problemsOf({ least: "required", without: ["/lib/liblzma.so.5"] }), []);
});

test("any of the alternatives' names accepts the hole", () => {
  const without = ["/opt/lib/libz.so.1"];
  assert.deepEqual(problemsOf({ without, allow: ["libz-ng.so.2"] }), []);
  assert.deepEqual(problemsOf({ without, allow: ["libz.so.*"] }), []);
});
