import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry } from "../../src/core/entry.ts";
import type { ByteString } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import type { Claim } from "../../src/graph/graph.ts";
import { fileNode } from "../../src/graph/references.ts";
import type { EarlySegment } from "../../src/inspect/early.ts";
import { planImage } from "../../src/plan/plan-image.ts";
import { closureOf } from "../support/closures.ts";
import { spanAt, specOf, target } from "../support/specs.ts";

function claim(entry: Entry, more: Partial<Claim> = {}): Claim {
  return { entry, by: fileNode(entry.path), at: null, isImplied: false, layer: 0, ...more };
}

function directory(path: string, mode = 0o755): Entry {
  return { kind: "directory", path: target(path), mode, uid: 0, gid: 0 };
}

function file(path: string, text = "text", mode = 0o644): Entry {
  const bytes = Buffer.from(text);
  const source = { from: "recipe", bytes } as const;
  return {
    kind: "file",
    path: target(path),
    mode,
    uid: 0,
    gid: 0,
    size: bytes.length,
    content: digestOf(bytes),
    source,
  };
}

function symlink(path: string, to: string): Entry {
  return { kind: "symlink", path: target(path), mode: 0o777, uid: 0, gid: 0, to: to as ByteString };
}

function pathsOf(...claims: Claim[]): string[] {
  const { layers } = planImage(specOf(), closureOf(...claims), []);
  return layers[0]!.entries.map(({ entry }) => entry.path);
}

function codesOf(claims: Claim[], early: EarlySegment[] = []): string[] {
  try {
    planImage(specOf(), closureOf(...claims), early);
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems.map(({ code }) => code);
    throw error;
  }
  return [];
}

test("every entry gets its parents, before it, in the order of bytes", () => {
  assert.deepEqual(pathsOf(claim(file("/a/b/c")), claim(file("/a-b"))), ["", "a", "a-b", "a/b", "a/b/c"]);
});

test("what lies below a symlink of the image goes where the symlink leads", () => {
  const merged = [claim(symlink("/bin", "usr/bin")), claim(file("/bin/sh")), claim(directory("/usr/bin"))];
  assert.deepEqual(pathsOf(...merged), ["", "bin", "usr", "usr/bin", "usr/bin/sh"]);
  const chain = [
    claim(symlink("/lib64", "/lib")),
    claim(symlink("/lib", "usr/lib")),
    claim(file("/lib64/ld.so")),
  ];
  assert.deepEqual(pathsOf(...chain), ["", "lib", "lib64", "usr", "usr/lib", "usr/lib/ld.so"]);
});

test("a parent that only came along gives way to the directory that the recipe wants", () => {
  const claims = [
    claim(directory("/tmp", 0o755), { isImplied: true }),
    claim(directory("/tmp", 0o1777), { at: spanAt(3) }),
    claim(directory("/tmp", 0o700)),
  ];
  const { layers } = planImage(specOf(), closureOf(...claims), []);
  assert.equal(layers[0]!.entries.find(({ entry }) => entry.path === "tmp")?.entry.mode, 0o1777);
});

test("the same thing twice is no conflict; two things are, and both origins are told", () => {
  assert.deepEqual(codesOf([claim(file("/x", "a")), claim(file("/x", "a"))]), []);
  assert.deepEqual(codesOf([claim(file("/x", "a")), claim(file("/x", "b"))]), ["plan/conflict"]);
  assert.deepEqual(codesOf([claim(file("/x")), claim(symlink("/x", "y"))]), ["plan/conflict"]);
  const modes = [
    claim(directory("/d", 0o700), { at: spanAt(3) }),
    claim(directory("/d", 0o755), { at: spanAt(4) }),
  ];
  assert.throws(
    () => planImage(specOf(), closureOf(...modes), []),
    (error) => {
      assert.ok(error instanceof BuildFailure);
      const problem = error.problems[0]!;
      assert.ok(problem.code === "plan/conflict");
      assert.equal(problem.first.origin, "initrd.yaml:3:5");
      assert.equal(problem.second.origin, "initrd.yaml:4:5");
      return true;
    },
  );
});

test("nothing can lie below a file", () => {
  assert.deepEqual(codesOf([claim(file("/a")), claim(file("/a/b"))]), ["plan/parent-not-directory"]);
});

test("what newc or the kernel would drop is refused", () => {
  assert.deepEqual(codesOf([claim(file(`/${"x".repeat(256)}`))]), ["plan/name-too-long"]);
  assert.deepEqual(codesOf([claim(file(`/${"x".repeat(255)}`))]), []);
  assert.deepEqual(codesOf([claim(file(`/${"x/".repeat(2100)}y`))]), ["plan/name-too-long"]);
  assert.deepEqual(codesOf([claim(symlink("/l", "x".repeat(4096)))]), ["plan/symlink-too-long"]);
  assert.deepEqual(codesOf([claim(symlink("/l", "x".repeat(4095)))]), []);
  assert.deepEqual(codesOf([claim(file("/TRAILER!!!"))]), ["plan/reserved-name"]);
  const large = { ...file("/x"), size: 2 ** 32 } as Entry;
  assert.deepEqual(codesOf([claim(large)]), ["plan/file-too-large"]);
  assert.deepEqual(codesOf([]), ["plan/empty-image"]);
});

test("an image is private as soon as one file is not for everybody", () => {
  const isPrivate = (mode: number): boolean =>
    planImage(specOf(), closureOf(claim(file("/x", "a", mode))), []).isPrivate;
  assert.equal(isPrivate(0o755), false);
  assert.equal(isPrivate(0o640), true);
});

test("a prepended archive's entry is not destroyed by one of another kind", () => {
  const early = {
    path: "/m.cpio",
    at: spanAt(2),
    entries: [
      { path: target("/lib"), kind: "symlink" },
      { path: target("/kernel"), kind: "directory" },
    ],
  } as unknown as EarlySegment;
  assert.deepEqual(codesOf([claim(file("/lib/x"))], [early]), ["plan/overlays-early"]);
  assert.deepEqual(codesOf([claim(file("/kernel/x"))], [early]), []);
});
