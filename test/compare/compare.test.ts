/** What two images differ in, as values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { groupByCause } from "../../src/compare/causes.ts";
import { compareSides } from "../../src/compare/compare-sides.ts";
import { contentChanges } from "../../src/compare/content-changes.ts";
import { foldOf, foldText, UNFOLDED } from "../../src/compare/fold.ts";
import { lineChanges } from "../../src/compare/line-changes.ts";
import type { SideEntry } from "../../src/compare/side.ts";
import { sketchOf } from "../../src/compare/sketch.ts";
import { digestOf } from "../../src/core/digest.ts";
import type { ByteString, TargetPath } from "../../src/core/path.ts";
import { tableOf } from "../../src/graph/reference-table.ts";
import { fileNode, type Reason, ReferenceGraph, recipeNode } from "../../src/graph/references.ts";
import type { TracedImage } from "../../src/trace/traced-image.ts";
import { writeElf } from "../support/elf-writer.ts";
import { randomSource } from "../support/random.ts";
import { spanAt, target } from "../support/specs.ts";

function entry(path: string, more: Partial<SideEntry> = {}): SideEntry {
  const content = Buffer.from(path);
  return {
    path: target(path),
    kind: "file",
    size: content.length,
    digest: digestOf(content),
    to: null,
    mode: 0o644,
    uid: 0,
    gid: 0,
    major: 0,
    minor: 0,
    mtime: null,
    ...more,
  };
}

function side(...entries: readonly SideEntry[]) {
  return { entries: new Map(entries.map((one) => [one.path, one])), traced: null, packing: null };
}

const ALL = { isFolded: false, ignored: new Set<string>() };

test("entries that one side lacks, and each fact that differs", () => {
  const link = { kind: "symlink", size: 0, digest: null, mode: 0o777 } as const;
  const first = side(
    entry("gone"),
    entry("same"),
    entry("a", { mode: 0o600, uid: 7 }),
    entry("b", { digest: digestOf(Buffer.from("other")) }),
    entry("c", { ...link, to: "x" as ByteString }),
    entry("d", { kind: "char", major: 1, minor: 3 }),
    entry("e"),
    entry("f", { mtime: 1 }),
  );
  const second = side(
    entry("new"),
    entry("same"),
    entry("a"),
    entry("b"),
    entry("c", { ...link, to: "y" as ByteString }),
    entry("d", { kind: "char", major: 1, minor: 5 }),
    entry("e", { kind: "directory" }),
    entry("f", { mtime: 2 }),
  );
  const { added, removed, changed, otherTimes } = compareSides(first, second, ALL);
  assert.deepEqual(
    [added, removed].map((all) => all.map(({ path }) => path)),
    [["new"], ["gone"]],
  );
  assert.deepEqual(
    changed.map(({ after, facts }) => [after.path, facts]),
    [
      ["a", ["mode", "owner"]],
      ["b", ["content"]],
      ["c", ["target"]],
      ["d", ["device"]],
      ["e", ["kind"]],
    ],
  );
  assert.equal(otherTimes, 1);
  const ignored = new Set(["time", "mode", "owner", "content"]);
  const rest = compareSides(first, second, { isFolded: false, ignored });
  assert.deepEqual([rest.changed.map(({ after }) => after.path), rest.otherTimes], [["c", "d", "e"], 0]);
});

test("versions of kernels, hashes of store paths, machines and packings are folded, where a side has one of each", () => {
  const hash = "2ysd87v9q17gm7kxpmmb4lqgn6ps39m5";
  const paths = [
    "usr/lib/modules/6.1.0-50-amd64/kernel/fs/ext4.ko.xz",
    `nix/store/${hash}-bash-5.2/bin/bash`,
    "usr/lib/x86_64-linux-gnu/libc.so.6",
    "usr/lib/ld-linux-x86-64.so.2",
    "etc/hostname",
  ].map(target);
  assert.deepEqual(paths.map(foldOf(paths)), [
    "usr/lib/modules/<kernel>/kernel/fs/ext4.ko",
    "nix/store/<hash>-bash-5.2/bin/bash",
    "usr/lib/<machine>/libc.so.6",
    "usr/lib/ld-linux-x86-64.so.2",
    "etc/hostname",
  ]);
  const two = [...paths, target("usr/lib/modules/6.12/kernel/fs/ext4.ko")];
  assert.equal(foldOf(two)(paths[0]!), "usr/lib/modules/6.1.0-50-amd64/kernel/fs/ext4.ko");
  assert.equal(foldText(`/nix/store/${hash}-glibc/lib` as ByteString), "/nix/store/<hash>-glibc/lib");
});

test("no two paths of a side fold to one", () => {
  const random = randomSource(5);
  const parts = [
    "lib",
    "usr",
    "modules",
    "6.1",
    "6.2",
    "x86_64-linux-gnu",
    "a.ko",
    "a.ko.xz",
    "boot",
    "vmlinuz-6.1",
  ];
  for (let round = 0; round < 300; round++) {
    const some = Array.from({ length: 12 }, () =>
      Array.from({ length: 1 + random(4) }, () => parts[random(parts.length)]!).join("/"),
    );
    const paths = [...new Set(some)].map(target);
    assert.equal(new Set(paths.map(foldOf(paths))).size, paths.length, paths.join(" "));
  }
});

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly reason: Reason;
  readonly says?: string;
}

/** "contents/0" is a line of the recipe, "/etc" a tree, everything else a file. */
function traced(...edges: readonly Edge[]): TracedImage {
  const graph = new ReferenceGraph();
  const idOf = (name: string) => {
    if (name.startsWith("contents/")) {
      graph.addNode(recipeNode(name), { kind: "recipe", at: spanAt(Number(name.slice(9)) + 1), label: name });
      return recipeNode(name);
    }
    const path = target(name.replace("/", ""));
    graph.addNode(fileNode(path), { kind: name.startsWith("/") ? "tree" : "file", path });
    return fileNode(path);
  };
  for (const { from, to, reason, says = "" } of edges)
    graph.addReference({ from: idOf(from), to: idOf(to), reason, says, found: "", tried: [] });
  const references = tableOf(graph);
  const entries = references.nodes.flatMap(({ node }, number) =>
    node.kind === "recipe"
      ? []
      : [
          {
            ...entry(node.path),
            original: node.path,
            layer: 0,
            segment: 0,
            overriddenBy: null,
            node: number,
          },
        ],
  );
  return { name: "x", layers: [], entries, references };
}

test("what came in stands under the first reference that the other lacks, wherever its line of the recipe stands", () => {
  const before = traced(
    { from: "contents/0", to: "app", reason: "named", says: "/app" },
    { from: "app", to: "libc", reason: "needed", says: "libc" },
    { from: "contents/1", to: "/etc", reason: "named", says: "/etc" },
    { from: "contents/2", to: "sh1", reason: "named", says: "/bin/sh" },
  );
  const after = traced(
    { from: "contents/1", to: "app", reason: "named", says: "/app" },
    { from: "app", to: "libc", reason: "needed", says: "libc" },
    { from: "app", to: "crypto", reason: "dlopen-note", says: "libcrypto" },
    { from: "crypto", to: "zlib", reason: "needed", says: "libz" },
    { from: "contents/2", to: "/etc", reason: "named", says: "/etc" },
    { from: "contents/2", to: "sh2", reason: "named", says: "/bin/sh" },
  );
  const inTree = {
    ...after.entries[0]!,
    path: target("etc/new"),
    node: after.references.nodes.findIndex(({ node }) => node.kind === "tree"),
  };
  const own = { ...after, entries: [...after.entries, inTree] };
  const added = ["zlib", "etc/new", "crypto", "sh2", "unheard"].map((path) => entry(path));
  const folds = { own: UNFOLDED, other: UNFOLDED };
  const groups = groupByCause(added, { own, other: before, folds, isFolded: false });
  const told = groups.map(({ cause, entries }) => {
    const says = "reference" in cause ? cause.reference.says : "";
    return [cause.kind, says, ...entries.map(({ path }) => path)];
  });
  assert.deepEqual(told, [
    ["reference", "libcrypto", "zlib", "crypto"],
    ["tree", "", "etc/new"],
    ["moved", "/bin/sh", "sh2"],
    ["unknown", "", "unheard"],
  ]);
});

test("without a graph nobody knows why", () => {
  const folds = { own: UNFOLDED, other: UNFOLDED };
  const search = { own: null, other: null, folds, isFolded: false };
  assert.deepEqual(
    groupByCause([entry("a"), entry("b")], search).map(({ cause }) => cause.kind),
    ["unknown"],
  );
});

test("lines that came and went, however often they stand there", () => {
  assert.equal(lineChanges(["a", "b"], ["b", "a"]), null);
  assert.deepEqual(lineChanges(["a", "a", "b"], ["a", "c"]), {
    added: 1,
    removed: 2,
    first: [
      { kind: "removed", line: 2, text: "a" },
      { kind: "removed", line: 3, text: "b" },
      { kind: "added", line: 2, text: "c" },
    ],
  });
});

test("of a program its needs and its notes are told, of what is damaged nothing", async () => {
  const sketch = (bytes: Uint8Array) => sketchOf("bin/x" as TargetPath, bytes);
  const before = await sketch(writeElf({ needed: ["libc.so.6", "libz.so.1"] }));
  const after = await sketch(writeElf({ needed: ["libc.so.6", "libm.so.6"], runpath: "/opt" }));
  assert.deepEqual(contentChanges(before, after), [
    { kind: "list", what: "needs", added: ["libm.so.6"], removed: ["libz.so.1"] },
    { kind: "value", what: "runpath", was: "", is: "/opt" },
  ]);
  const text = await sketch(Buffer.from("#!/bin/sh\n"));
  assert.deepEqual(contentChanges(before, text), [
    { kind: "value", what: "it", was: "a program", is: "text" },
  ]);
  const random = randomSource(3);
  const whole = writeElf({ needed: ["libc.so.6"] });
  for (let round = 0; round < 500; round++) {
    const odd = Uint8Array.from(whole);
    for (let count = 0; count < 4; count++) odd[random(odd.length)] = random(256);
    for (const name of ["bin/x", "a.ko", "a.ko.xz", "a.ko.zst"]) await sketchOf(target(name), odd);
  }
});
