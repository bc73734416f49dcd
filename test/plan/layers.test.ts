import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry } from "../../src/core/entry.ts";
import type { ByteString } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import type { Claim } from "../../src/graph/graph.ts";
import { fileNode } from "../../src/graph/references.ts";
import { overriddenIn } from "../../src/plan/entries.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planImage } from "../../src/plan/plan-image.ts";
import { closureOf } from "../support/closures.ts";
import { spanAt, specOf, target } from "../support/specs.ts";

/** Layers of entries that the recipe itself names. */
function plan(...layers: readonly (readonly (Entry | Claim)[])[]): Plan {
  const claims = layers.flatMap((entries, layer) =>
    entries.map((one): Claim => {
      const claim = "entry" in one ? one : { entry: one, at: spanAt(layer + 1), isImplied: false };
      return { ...claim, by: fileNode(claim.entry.path), layer };
    }),
  );
  const [own] = specOf().layers;
  const named = layers.map((_, layer) => ({ ...own!, name: `layer ${layer}` }));
  return planImage(specOf({ layers: named }), closureOf(...claims), []);
}

function pathsOf({ layers }: Plan): string[][] {
  return layers.map(({ entries }) => entries.map(({ entry }) => entry.path));
}

function losses(...layers: readonly (readonly Entry[])[]): string[] {
  try {
    plan(...layers);
    return [];
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    return error.problems.map((problem) =>
      problem.code === "plan/overlays-layer" ? problem.what : problem.code,
    );
  }
}

const owned = (path: string, mode: number) => ({ path: target(path), mode, uid: 0, gid: 0 });

function file(path: string, text = "text"): Entry {
  const bytes = Buffer.from(text);
  const source = { from: "recipe", bytes } as const;
  const content = digestOf(bytes);
  return { kind: "file", ...owned(path, 0o644), size: bytes.length, content, source };
}

function directory(path: string, mode = 0o755): Entry {
  return { kind: "directory", ...owned(path, mode) };
}

function symlink(path: string, to: string): Entry {
  return { kind: "symlink", ...owned(path, 0o777), to: to as ByteString };
}

function device(kind: "char" | "block", major: number): Entry {
  return { kind, ...owned("/dev/x", 0o600), major, minor: 1 };
}

test("a later layer holds what earlier ones do not, and none of the parents that they have", () => {
  const made = plan(
    [file("/usr/bin/a"), file("/etc/x")],
    [file("/usr/bin/b"), file("/etc/x"), file("/usr/lib/c")],
  );
  assert.deepEqual(pathsOf(made), [
    ["", "etc", "etc/x", "usr", "usr/bin", "usr/bin/a"],
    ["usr/bin/b", "usr/lib", "usr/lib/c"],
  ]);
});

test("a later file or symlink lies over an earlier one, as the kernel unpacks them", () => {
  const made = plan(
    [file("/a", "1"), symlink("/b", "a"), file("/c")],
    [file("/a", "22"), file("/b"), symlink("/c", "a")],
  );
  assert.deepEqual(pathsOf(made), [
    ["", "a", "b", "c"],
    ["a", "b", "c"],
  ]);
  const by = overriddenIn(made);
  assert.deepEqual([by(0, target("/a")), by(1, target("/a")), by(0, target("/"))], ["layer 1", null, null]);
});

test("a directory is said again where its mode is another and somebody wants it", () => {
  const implied = {
    entry: directory("/d", 0o700),
    by: fileNode(target("/d")),
    at: null,
    isImplied: true,
    layer: 1,
  };
  assert.deepEqual(pathsOf(plan([directory("/d")], [directory("/d", 0o700)])), [["", "d"], ["d"]]);
  assert.deepEqual(pathsOf(plan([directory("/d")], [implied, directory("/d")])), [["", "d"], []]);
  assert.deepEqual(pathsOf(plan([directory("/d")], [implied])), [["", "d"], []]);
});

test("what the kernel would lose or destroy without a word is refused", () => {
  assert.deepEqual(losses([directory("/d")], [file("/d")]), ["directory-stays"]);
  assert.deepEqual(losses([symlink("/lib", "usr/lib")], [directory("/lib")]), ["symlink-goes"]);
  assert.deepEqual(losses([device("char", 1)], [device("char", 2)]), ["device-stays"]);
  assert.deepEqual(losses([device("char", 1)], [device("char", 1)]), []);
  assert.deepEqual(losses([device("char", 1)], [device("block", 1)]), []);
  assert.deepEqual(losses([file("/a")], [file("/a/b")]), ["plan/parent-not-directory"]);
  assert.deepEqual(losses([file("/a")], [directory("/a"), file("/a/b")]), []);
});

test("what lies below a symlink of an earlier layer goes where that leads", () => {
  const merged = plan([symlink("/bin", "usr/bin")], [file("/bin/sh")]);
  assert.deepEqual(pathsOf(merged), [
    ["", "bin"],
    ["usr", "usr/bin", "usr/bin/sh"],
  ]);
});

test("a layer's segments have the same keys whatever lies above it, and beside it", () => {
  const keysOf = ({ layers }: Plan, layer: number) => layers[layer]!.segments.map(({ key }) => key);
  const [base, tools, other] = [[file("/a")], [file("/opt/t")], [file("/srv/o"), file("/srv/p")]];
  const [two, three] = [plan(base, tools), plan(base, other, tools)];
  assert.deepEqual(keysOf(two, 0), keysOf(three, 0));
  assert.deepEqual(keysOf(two, 1), keysOf(three, 2));
  const numbers = three.layers.flatMap(({ segments }) => segments.map(({ firstInode }) => firstInode));
  assert.equal(new Set(numbers).size, 3);
});
