/** A plan and the manifest that is written of it tell the same, and no manifest does harm. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry } from "../../src/core/entry.ts";
import type { ByteString } from "../../src/core/path.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { graphOf, tableOf } from "../../src/graph/reference-table.ts";
import { fileNode } from "../../src/graph/references.ts";
import { manifestLists } from "../../src/plan/manifest-lists.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { planImage } from "../../src/plan/plan-image.ts";
import { traceManifest } from "../../src/trace/trace-manifest.ts";
import { tracePlan } from "../../src/trace/trace-plan.ts";
import { closureOf } from "../support/closures.ts";
import { randomSource } from "../support/random.ts";
import { specOf, target } from "../support/specs.ts";

const OWNED = { mode: 0o644, uid: 3, gid: 4 };
const ENTRIES: readonly Entry[] = [
  { kind: "directory", path: target("bin"), ...OWNED, mode: 0o755 },
  {
    kind: "file",
    path: target("bin/tool"),
    ...OWNED,
    size: 4,
    content: digestOf(Buffer.from("text")),
    source: { from: "recipe", bytes: Buffer.from("text") },
  },
  { kind: "symlink", path: target("caf\xe9"), ...OWNED, mode: 0o777, to: "bin/\xff" as ByteString },
  { kind: "char", path: target("tty"), ...OWNED, major: 5, minor: 1 },
];

function planOf(): Plan {
  const claims = ENTRIES.map((entry) => ({
    entry,
    by: fileNode(entry.path),
    at: null,
    isImplied: false,
    layer: 0,
  }));
  const closure = closureOf(...claims);
  closure.references.addReference({
    from: fileNode(target("bin/tool")),
    to: fileNode(target("tty")),
    reason: "needed",
    says: "tty",
    found: "here",
    tried: ["/lib", "/usr/lib"],
  });
  return planImage(specOf(), closure, []);
}

function manifestOf(plan: Plan): string {
  const [layer] = plan.layers;
  const image = { file: "initrd.zst", size: 9, digest: digestOf(new Uint8Array()) };
  const head = {
    manifest: 3,
    name: "initrd",
    image,
    ramdisk: image,
    layers: [
      { name: layer!.name, segments: layer!.segments.map(({ size }) => ({ key: "k", size, member: 0 })) },
    ],
    members: [{ size: 7 }],
  };
  const lists = manifestLists(plan, new Map()).map(({ name, items }) => [name, [...items()]]);
  return JSON.stringify({ ...head, ...Object.fromEntries(lists) });
}

test("a manifest tells what its plan tells", () => {
  const plan = planOf();
  const fromPlan = tracePlan({ name: "initrd", plan, contents: new Map(), compressedOf: () => 7 });
  const { image, ramdisk, beside: _, ...fromManifest } = traceManifest(manifestOf(plan));
  assert.deepEqual(
    [image, ramdisk].map(({ file, size }) => [file, size]),
    [
      ["initrd.zst", 9],
      ["initrd.zst", 9],
    ],
  );
  assert.deepEqual(fromManifest.entries, fromPlan.entries);
  assert.deepEqual(fromManifest.layers, fromPlan.layers);
  assert.deepEqual(fromManifest.references.references, fromPlan.references.references);
  assert.deepEqual(
    fromManifest.references.nodes.map(({ id, node }) => [id, node.kind]),
    fromPlan.references.nodes.map(({ id, node }) => [id, node.kind]),
  );
  assert.equal(fromPlan.entries.filter(({ node }) => node !== null).length, ENTRIES.length);
});

test("a graph made of its table is the same graph", () => {
  const table = planOf().references;
  assert.deepEqual(tableOf(graphOf(table)), table);
  assert.throws(() => graphOf({ ...table, nodes: [] }), RangeError);
});

test("of a manifest that is another's, only a FormatError comes", () => {
  const text = manifestOf(planOf());
  assert.throws(() => traceManifest(text.replace('"manifest":3', '"manifest":2')), {
    code: "manifest-version",
  });
  const random = randomSource(11);
  let refused = 0;
  for (let round = 0; round < 3000; round++) {
    const at = random(text.length);
    const odd = text.slice(0, at) + '0"[]{}:,-1e\0'[random(12)]! + text.slice(at + random(4));
    try {
      traceManifest(odd);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      refused += 1;
    }
  }
  assert.ok(refused > 1000);
});
