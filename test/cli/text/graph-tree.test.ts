/** The graph in lines. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutFocus } from "../../../src/cli/text/graph-focus.ts";
import { layoutGroups } from "../../../src/cli/text/graph-groups.ts";
import { layoutGraphTree } from "../../../src/cli/text/graph-tree.ts";
import type { GraphDocument } from "../../../src/draw/graph-document.ts";
import { groupNodes } from "../../../src/draw/group-nodes.ts";
import { neighbourhoodOf } from "../../../src/draw/neighbourhood.ts";
import { documentOf, randomDocument } from "../../support/graph-documents.ts";

const SAMPLE: GraphDocument = documentOf(
  [
    ["recipe", "initrd.yaml:9:5"],
    ["recipe", "initrd.yaml:2:5"],
    ["symlink", "/init", { to: "bin/tool" }],
    ["file", "/bin/tool"],
    ["file", "/lib/libc.so.6"],
    ["file", "/bin/other"],
    ["tree", "/usr/share/data", { entries: 12, bytes: 4096 }],
    ["member", "/usr/share/data/program", { entries: 0 }],
    ["file", "/bin/a"],
    ["file", "/bin/b"],
    ["file", "/bin/c"],
    ["file", "/bin/d"],
    ["symlink", "/lib64", { to: "lib", isDirectory: true }],
    ["file", "/bin/e"],
  ],
  [
    [1, 2],
    [2, 3, "symlink"],
    [3, 4, "needed"],
    [3, 12, "symlink"],
    [0, 5],
    [0, 6],
    [0, 8],
    [0, 9],
    [0, 10],
    [0, 11],
    [0, 13],
    [5, 4, "needed"],
    [6, 7, "copied"],
    [7, 4, "needed"],
    [8, 12, "symlink"],
  ],
);

test("shared parts stand once, and are mentioned elsewhere", () => {
  assert.deepEqual(layoutGraphTree(SAMPLE, { depth: null, columns: 80 }), [
    "initrd.yaml:2:5  - object: 1  ->  /init -> bin/tool  1003 bytes",
    "└─ also [4] libc.so.6",
    "initrd.yaml:9:5  - object: 0",
    "├─ /bin/other  1005 bytes",
    "│  └─ [4] /lib/libc.so.6  1004 bytes  needed",
    "├─ /usr/share/data/  12 entries, 4.0 KiB",
    "│  └─ also [4] libc.so.6",
    "├─ /bin/a  1008 bytes",
    "│  └─ /lib64 -> lib  symlink",
    "└─ 4 entries in /bin/  3.9 KiB: b, c, d, e",
  ]);
});

test("a tree is cut where it is told to, and says what is below", () => {
  assert.deepEqual(layoutGraphTree(SAMPLE, { depth: 0, columns: 80 }), [
    "initrd.yaml:2:5  - object: 1  … 2 more below, 1003 bytes",
    "initrd.yaml:9:5  - object: 0  … 9 more below, 10.9 KiB",
  ]);
});

test("every path stands in the tree", () => {
  for (let seed = 0; seed < 10; seed++) {
    const document = randomDocument(seed, 150);
    const text = layoutGraphTree(document, { depth: null, columns: 100 }).join("\n");
    for (const { kind, path } of document.nodes) {
      if (path === undefined || kind === "member") continue;
      const isPart = document.references.some(
        ({ to, reason }) => reason === "copied" && document.nodes[to]!.path === path,
      );
      if (!isPart) assert.ok(text.includes(path.slice(path.lastIndexOf("/") + 1)), path);
    }
  }
});

test("a very long chain is cut, and a circle ends", () => {
  const nodes = Array.from({ length: 5000 }, (_, at) => ["file", `/f${at}`] as const);
  const chain = documentOf(
    nodes,
    nodes.map((_, at) => [at, (at + 1) % nodes.length, "needed"] as const),
  );
  const lines = layoutGraphTree(chain, { depth: null, columns: 80 });
  assert.equal(lines.length, 100);
  assert.match(lines.at(-1)!, /… 4,899 more below/);
});

test("around a focus both directions are told, with the evidence", () => {
  const near = neighbourhoodOf(SAMPLE, { nodes: [4], depth: 1 });
  assert.deepEqual(layoutFocus(SAMPLE, { focus: new Set([4]), near, columns: 80 }), [
    "/lib/libc.so.6  1004 bytes",
    "└─ what leads to it",
    "   ├─ /bin/tool  1003 bytes  (needed)",
    "   ├─ /bin/other  1005 bytes  (needed)",
    "   └─ /usr/share/data/program  (needed)",
  ]);
});

test("groups are told with what leads from one to another", () => {
  const { grouping } = groupNodes(SAMPLE, "recipe-line", () => null);
  assert.deepEqual(layoutGroups(grouping!, 80), [
    "initrd.yaml:9:5  - object: 0  18 entries, 9.9 KiB",
    "└─ refers to several lines (3)",
    "several lines  2 entries, 1004 bytes",
    "└─ referred to by initrd.yaml:9:5  - object: 0 (3),",
    "     initrd.yaml:2:5  - object: 1 (2)",
    "initrd.yaml:2:5  - object: 1  2 entries, 1003 bytes",
    "└─ refers to several lines (2)",
  ]);
});
