import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../../src/core/digest.ts";
import type { ByteString, TargetPath } from "../../../src/core/path.ts";
import type { ProgressEvent } from "../../../src/core/ports.ts";
import { BuildFailure, type Problem } from "../../../src/core/problem.ts";
import { fileNode, ReferenceGraph, recipeNode } from "../../../src/graph/references.ts";
import { closeStore } from "../../../src/graph/store/close-store.ts";
import type { ReferenceSource } from "../../../src/graph/store/reference-source.ts";
import { type MemoryFile, memoryTree, rawBytes } from "../../support/memory-tree.ts";

const A = "2ysd87v9q17gm7kxpmmb4lqgn6ps39m5-a";
const B = "7ig9cjdd02d1pknffyhzwf3qy7ly6z23-b";
const C = "5pgh0d9ijrv6r6w64wn97p7dm2pf940f-c";
const hashOf = (name: string) => name.slice(0, 32);

const DIRECTORY = "nix/store" as TargetPath;
const AT = { file: "initrd.yaml", line: 3, column: 5, width: 5, text: "  - object: …" };
const ITEM = recipeNode("contents/0");

function close(
  files: Record<string, MemoryFile>,
  roots: readonly string[],
  source: ReferenceSource = { from: "scan" },
) {
  const graph = new ReferenceGraph();
  graph.addNode(ITEM, { kind: "recipe", at: AT, label: "contents/0" });
  const told: ProgressEvent[] = [];
  const tree = memoryTree("/srv/store", files);
  const claims = closeStore(
    {
      tree,
      directory: DIRECTORY,
      roots: roots.map((name) => ({ name: name as ByteString, by: ITEM, layer: 0 })),
      source,
      tell: (event) => told.push(event),
    },
    graph,
  );
  return { claims, graph, told, reads: tree.reads };
}

/** A store that tells its references by itself. */
function known(references: Record<string, string[]>): ReferenceSource {
  const map = new Map(Object.entries(references)) as unknown as ReadonlyMap<ByteString, ByteString[]>;
  return { from: "known", told: "Nix", closureOf: () => map };
}

/** From whom to whom, and the evidence. */
function edges(graph: ReferenceGraph): string[] {
  const all = graph.nodes().flatMap((node) => graph.referencesFrom(node));
  return all.map(({ from, to, reason, found }) => `${from} ${reason} ${to}: ${found}`);
}

const node = (name: string) => `file:nix/store/${name}`;

test("store paths come whole, at their own place, in the modes of Nix whatever the disk says", () => {
  const { claims, told } = close(
    {
      [`/${A}/bin/x`]: { mode: 0o4711, bytes: "#!x" },
      [`/${A}/empty`]: { directory: 0o700 },
      [`/${A}/etc`]: { mode: 0o600, bytes: "" },
      [`/${A}/group`]: { mode: 0o654, bytes: "" },
      [`/${A}/link`]: { symlink: "/nowhere" },
    },
    [A],
  );
  const top = `nix/store/${A}`;
  const owned = { uid: 0, gid: 0 };
  assert.deepEqual(
    claims.map(
      ({ entry, isImplied }) => `${entry.path} ${entry.kind} ${entry.mode.toString(8)} ${isImplied}`,
    ),
    [
      "nix directory 755 true",
      "nix/store directory 755 true",
      `${top} directory 555 false`,
      `${top}/bin directory 555 false`,
      `${top}/bin/x file 555 false`,
      `${top}/empty directory 555 false`,
      `${top}/etc file 444 false`,
      `${top}/group file 444 false`,
      `${top}/link symlink 777 false`,
    ],
  );
  assert.deepEqual(claims[4], {
    by: node(A),
    at: null,
    isImplied: false,
    layer: 0,
    entry: {
      ...owned,
      kind: "file",
      path: `${top}/bin/x`,
      mode: 0o555,
      size: 3,
      content: digestOf(rawBytes("#!x")),
      source: { from: "tree", tree: "store", path: `${A}/bin/x`, version: null },
    },
  });
  assert.deepEqual(told.at(-1), { step: "files", files: 3, bytes: 3 });
});

test("references stand in contents, names and link targets, and say where they were seen first", () => {
  const { graph, claims } = close(
    {
      [`/${A}/bin/x`]: `/nix/store/${B}/lib`,
      [`/${A}/zzz`]: `/nix/store/${B}/again`,
      [`/${B}`]: { symlink: `/nix/store/${C}/c` },
      [`/${C}/${hashOf(A)}`]: "",
    },
    [A],
  );
  assert.deepEqual(edges(graph), [
    `recipe:contents/0 named ${node(A)}: `,
    `${node(A)} store-reference ${node(B)}: contents of /nix/store/${A}/bin/x`,
    `${node(B)} store-reference ${node(C)}: target of the symlink /nix/store/${B}`,
    `${node(C)} store-reference ${node(A)}: name of /nix/store/${C}/${hashOf(A)}`,
  ]);
  assert.equal(claims.filter(({ entry }) => entry.path === `nix/store/${B}`).length, 1);
});

test("a path's own name, a path that is not there and a path that mentions itself bring nothing", () => {
  const nothing = "00000000000000000000000000000000-nothing";
  const { graph, claims } = close({ [`/${A}`]: `${A} /nix/store/${nothing}/x`, [`/${B}`]: "" }, [A]);
  assert.deepEqual(edges(graph), [`recipe:contents/0 named ${node(A)}: `]);
  assert.deepEqual(
    claims.map(({ entry }) => entry.path),
    ["nix", "nix/store", `nix/store/${A}`],
  );
});

test("derivations, locks and what Nix keeps for itself are never found by a scan", () => {
  const { graph } = close(
    {
      "/.links/x": "",
      [`/${A}`]: `${B} ${C}`,
      [`/${B}.drv`]: "",
      [`/${B}.drv.chroot/x`]: "",
      [`/${C}.lock`]: { mode: 0o600, bytes: "" },
    },
    [A],
  );
  assert.equal(edges(graph).length, 1);
});

test("a store path may be called lock, and one beside its lock is itself", () => {
  const lock = `${C}.lock`;
  const { graph } = close(
    {
      [`/${A}`]: `${B} ${C}`,
      [`/${B}`]: "",
      [`/${B}.lock`]: { mode: 0o600, bytes: "d" },
      [`/${lock}`]: { mode: 0o444, bytes: "{}" },
    },
    [A],
  );
  assert.deepEqual(
    edges(graph)
      .slice(1)
      .map((edge) => edge.split(" ")[2]),
    [`${node(lock)}:`, `${node(B)}:`],
  );
});

test("a scan reads every byte once; where somebody tells the references nothing is read before it is written", () => {
  const files = { [`/${A}`]: `${B} ${C}`, [`/${B}`]: C, [`/${C}`]: A };
  const scanned = close(files, [A, B]);
  const told = close(files, [A, B], known({ [A]: [A, B, C], [B]: [C], [C]: [A] }));
  assert.deepEqual(scanned.reads, [`/${A}`, `/${B}`, `/${C}`]);
  assert.deepEqual(told.reads, []);
  const unread = scanned.claims.map((claim) =>
    claim.entry.kind === "file" ? { ...claim, entry: { ...claim.entry, content: null } } : claim,
  );
  assert.deepEqual(told.claims, unread);
  assert.match(edges(told.graph)[2]!, /: Nix$/);
});

test("a root and a reference that are not in the store are problems, with the chain that wants them", () => {
  const missing = "00000000000000000000000000000000-nothing";
  const source = known({ [A]: [B], [B]: [missing] });
  assertFails(
    () => close({ [`/${A}`]: "", [`/${B}`]: "" }, [A, C], source),
    [
      {
        code: "graph/store-path-missing",
        path: `nix/store/${C}` as TargetPath,
        chain: { through: [], from: AT },
        tree: "/srv/store",
      },
      {
        code: "graph/store-path-missing",
        path: `nix/store/${missing}` as TargetPath,
        chain: { through: [`/nix/store/${B}`, `/nix/store/${A}`], from: AT },
        tree: "/srv/store",
      },
    ],
  );
});

test("a path whose references nobody knows is a problem, not a path without references", () => {
  assertFails(
    () => close({ [`/${A}`]: B, [`/${B}`]: "" }, [A], known({ [A]: [B] })),
    [
      {
        code: "graph/store-path-unknown",
        path: `nix/store/${B}` as TargetPath,
        chain: { through: [`/nix/store/${A}`], from: AT },
        told: "Nix",
      },
    ],
  );
});

test("what no store path can be or hold is a problem", () => {
  const chain = { through: [], from: AT };
  const path = (text: string) => `nix/store/${text}` as TargetPath;
  assertFails(
    () => close({ "/.links/x": "" }, [".links"]),
    [{ code: "graph/not-a-store-path", path: path(".links"), chain }],
  );
  assertFails(
    () => close({ [`/${A}.drv`]: "" }, [`${A}.drv`]),
    [{ code: "graph/store-derivation", path: path(`${A}.drv`), chain }],
  );
  assertFails(
    () => close({ [`/${A}/f`]: { fifo: 0o644 } }, [A]),
    [{ code: "graph/store-foreign-file", path: path(`${A}/f`), chain }],
  );
});

test("who takes references from Nix may take a derivation", () => {
  const { claims } = close({ [`/${A}.drv`]: "" }, [`${A}.drv`], known({ [`${A}.drv`]: [] }));
  assert.equal(claims.at(-1)?.entry.path, `nix/store/${A}.drv`);
});

test("an edge that the closing stage has drawn is not drawn again", () => {
  const graph = new ReferenceGraph();
  const by = fileNode("bin/x" as TargetPath);
  graph.addNode(by, { kind: "file", path: "bin/x" as TargetPath });
  const id = fileNode(`nix/store/${A}` as TargetPath);
  graph.addNode(id, { kind: "tree", path: `nix/store/${A}` as TargetPath });
  graph.addReference({ from: by, to: id, reason: "symlink", says: "x", found: "", tried: [] });
  const tree = memoryTree("/srv/store", { [`/${A}`]: "" });
  const request = {
    tree,
    directory: DIRECTORY,
    roots: [{ name: A as ByteString, by, layer: 0 }],
    tell: () => {},
  };
  closeStore({ ...request, source: { from: "scan" } }, graph);
  assert.deepEqual(edges(graph), [`${by} symlink ${id}: `]);
});

function assertFails(action: () => unknown, problems: readonly Problem[]): void {
  assert.throws(action, (error) => {
    assert.ok(error instanceof BuildFailure, `not a BuildFailure: ${error}`);
    assert.deepEqual(error.problems, problems);
    return true;
  });
}
