import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry } from "../../src/core/entry.ts";
import type { ByteString } from "../../src/core/path.ts";
import type { Claim } from "../../src/graph/graph.ts";
import { fileNode } from "../../src/graph/references.ts";
import { planImage } from "../../src/plan/plan-image.ts";
import { closureOf } from "../support/closures.ts";
import { spanAt, specOf, target } from "../support/specs.ts";

const TREE = [
  "/lib -> usr/lib",
  "/usr/lib/x86_64-linux-gnu/libc.so.6",
  "/usr/lib/x86_64-linux-gnu/libz.so -> libz.so.1.3",
  "/usr/lib/x86_64-linux-gnu/libz.so.1.3",
  "/usr/lib/firmware/amd/ucode.bin",
  "/usr/lib/modules/6.1.0/kernel/fs/ext4.ko",
  "/usr/lib/modules/6.12.1/modules.dep",
  "/usr/bin/bash",
  "/usr/share/data",
  "/etc/passwd",
];

/** A claim of the tree, or with an exclamation mark of the recipe. */
function claimOf(text: string): Claim {
  const [path = "", to] = text.replace("!", "").split(" -> ");
  const source = { from: "recipe", bytes: Buffer.from(path) } as const;
  const owned = { path: target(path), mode: 0o644, uid: 0, gid: 0 };
  const entry: Entry = to
    ? { kind: "symlink", ...owned, to: to as ByteString }
    : { kind: "file", ...owned, size: path.length, content: digestOf(source.bytes), source };
  const at = text.startsWith("!") ? spanAt(1) : null;
  return { entry, by: fileNode(entry.path), at, isImplied: false, layer: 0 };
}

function layersOf(...texts: readonly string[]): Record<string, string[]> {
  const claims = texts.map(claimOf);
  const usr: Entry = { kind: "directory", path: target("/usr"), mode: 0o700, uid: 0, gid: 0 };
  claims.push({ entry: usr, by: claims[0]!.by, at: null, isImplied: true, layer: 0 });
  const { layers } = planImage(specOf({ layering: "auto" }), closureOf(...claims), []);
  const entries = layers.map(({ name, entries }) => {
    const own = entries.filter(({ entry }) => entry.kind !== "directory");
    return [name, own.map(({ entry }) => `/${entry.path}`)] as const;
  });
  return Object.fromEntries(entries);
}

test("what changes together is in one layer, the most lasting lowest", () => {
  const layers = layersOf(...TREE, "!/init", "!/usr/lib/own.so");
  assert.deepEqual(Object.entries(layers), [
    [
      "libraries",
      [
        "/lib",
        "/usr/lib/x86_64-linux-gnu/libc.so.6",
        "/usr/lib/x86_64-linux-gnu/libz.so",
        "/usr/lib/x86_64-linux-gnu/libz.so.1.3",
      ],
    ],
    ["firmware", ["/usr/lib/firmware/amd/ucode.bin"]],
    ["modules-6.1.0", ["/usr/lib/modules/6.1.0/kernel/fs/ext4.ko"]],
    ["modules-6.12.1", ["/usr/lib/modules/6.12.1/modules.dep"]],
    ["programs", ["/usr/bin/bash", "/usr/share/data"]],
    ["configuration", ["/etc/passwd", "/init", "/usr/lib/own.so"]],
  ]);
});

test("a kind that is not there is no layer", () => {
  assert.deepEqual(layersOf("/usr/bin/bash"), { programs: ["/usr/bin/bash"] });
});
