/** Whatever bytes an archive has: a tree or a problem, in bounded time and memory. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { GrowingIndex } from "../../src/archives/archive-index.ts";
import { Budget, LIMITS, type Limits } from "../../src/archives/budget.ts";
import { layMembers } from "../../src/archives/lay-members.ts";
import { openRoot } from "../../src/archives/open-root.ts";
import { readTarMembers } from "../../src/archives/tar-members.ts";
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import { childOf, type HostPath, ROOT } from "../../src/core/path.ts";
import type { Store, Tree } from "../../src/core/ports.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { AMD64, writeRoot } from "../support/archive-roots.ts";
import { ENDS } from "../support/bounds.ts";
import { openStore } from "../support/disk-cache.ts";
import { hostPath } from "../support/disk-files.ts";
import { randomSource } from "../support/random.ts";
import { scratchDirectory } from "../support/scratch.ts";
import {
  dockerSave,
  ociLayout,
  repairSums,
  sha256,
  type TarEntry,
  tarOf,
  writeTar,
} from "../support/tar-writer.ts";

const host = nodeHost({ jobs: 2, environment: {} });

async function problemOf(work: Promise<unknown>): Promise<Problem | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    return error.problems[0]!;
  }
}

/** Of an archive that is opened as a root, all of it read. */
async function outcomeOf(bytes: Uint8Array, t: TestContext): Promise<string> {
  const store = await openStore(t, scratchDirectory(t));
  return (await problemOf(openAndRead(writeRoot(bytes, t), store)))?.code ?? "read";
}

/** Twice: by walking over it, and from the cache. */
async function openAndRead(path: string, store: Store): Promise<void> {
  const [first, second] = [await open(), await open()].map(describe);
  assert.deepEqual(second, first);
  async function open(): Promise<Tree> {
    return openRoot(hostPath(path), null, { host, store, memory: NO_MEMORY });
  }
}

function describe(tree: Tree): unknown[] {
  const told: unknown[] = [];
  const todo = [ROOT];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const facts = tree.stat(path)!;
    told.push([path, facts, facts.kind === "symlink" ? tree.readLink(path) : ""]);
    if (facts.kind === "directory") for (const name of tree.list(path)) todo.push(childOf(path, name));
    if (facts.kind !== "file") continue;
    const file = tree.open(path);
    const bytes = Buffer.alloc(Math.min(file.size, 10_000));
    assert.equal(file.read(bytes, 0), bytes.length);
    file.close();
    told.push(sha256(bytes));
  }
  return told;
}

const deep = (first: string): TarEntry => ({ name: `${first}/${"a/".repeat(2040)}` });
const SPARSE = { "GNU.sparse.size": "9", "GNU.sparse.numblocks": "3", "GNU.sparse.map": "0,1,2,1,4,1" };

const TOO_LARGE: readonly (readonly [what: string, limits: Partial<Limits>, entries: readonly TarEntry[]])[] =
  [
    ["members", { entries: 3 }, ["a", "b", "c", "d"].map((name) => ({ name, type: "5" }))],
    ["directories that are left out", { entries: 3 }, [{ name: "a/b/c/d/e" }]],
    ["long names", { text: 99 }, [{ name: "n".repeat(100) }]],
    ["long targets", { text: 99 }, [{ name: "a", type: "2", to: "t".repeat(99) }]],
    ["sparse pieces", { pieces: 1 }, [{ name: "a", bytes: "123", pax: SPARSE }]],
    [
      "hard links to sparse pieces",
      { pieces: 3 },
      [
        { name: "a", bytes: "123", pax: SPARSE },
        { name: "b", type: "1", to: "a" },
      ],
    ],
    ["deep directories", { text: 2 ** 24 }, Array.from({ length: 20 }, (_, number) => deep(`${number}`))],
    ["look-ups in deep directories", { lookups: 1e8 }, Array.from({ length: 40 }, () => deep("a"))],
    [
      "look-ups through symlinks",
      { lookups: 1e6 },
      [
        { name: "d", type: "5" },
        ...Array.from({ length: 30 }, (_, number) => {
          return {
            name: `l${number}`,
            type: "2",
            to: `${"d/../".repeat(19)}${number ? `l${number - 1}` : "d"}`,
          };
        }),
        ...Array.from({ length: 1000 }, (_, number) => ({ name: `l29/${number}` })),
      ],
    ],
  ];

for (const [what, limits, entries] of TOO_LARGE) {
  test(`too many ${what} are a problem`, ENDS, async () => {
    const enough = Object.fromEntries(Object.keys(limits).map((key) => [key, 1e12]));
    assert.equal(await problemOf(layAll(enough)), null);
    assert.equal((await problemOf(layAll(limits)))?.code, "archives/too-large");
  });

  async function layAll(some: Partial<Limits>): Promise<void> {
    const index = new GrowingIndex(new Budget("/root.tar" as HostPath, { ...LIMITS, ...some }));
    const members = [];
    for await (const member of readTarMembers(sourceOf(writeTar(entries)))) {
      index.budget.member(member);
      members.push(member);
    }
    layMembers({ members, archive: 0 }, index);
  }
}

const NUMBER = (text: string, at: number) => (header: Buffer) => void header.write(text, at, "latin1");

const HOSTILE: readonly (readonly [what: string, code: string, bytes: () => Uint8Array])[] = [
  ["an extended header of nothing but the smallest records", "read", () => pax("4 =\n".repeat(1 << 18))],
  ["extended headers without end before one member", "archives/damaged", () => paxes(200, "x")],
  ["large headers for all members", "archives/damaged", () => paxes(3, "g")],
  ["a sparse map that is longer than the archive", "archives/damaged", () => mapOf("9".repeat(15), 1e15)],
  ["a sparse map of more pieces than there are bytes", "archives/damaged", () => mapOf("9".repeat(15), 10)],
  ["a file larger than the archive", "archives/damaged", () => writeTar([{ name: "a", size: 8e9 }])],
  [
    "a size that is negative",
    "archives/damaged",
    () => writeTar([{ name: "a", patch: (header) => header.fill(0xff, 124, 136) }]),
  ],
  [
    "a size that is text",
    "archives/damaged",
    () => writeTar([{ name: "a", patch: NUMBER("sizeless", 124) }]),
  ],
  ["an index that lists itself without end", "read", () => tarOf(recursive())],
  ["more layers than there can be", "archives/damaged", () => tarOf(manyLayers())],
  ["gzip of gzip", "host/not-a-directory", () => gzipSync(gzipSync(writeTar([{ name: "a" }])))],
];

for (const [what, code, bytes] of HOSTILE) {
  test(`${what}: ${code}`, ENDS, async (t) => assert.equal(await outcomeOf(bytes(), t), code));
}

function pax(body: string): Uint8Array {
  return writeTar([{ name: "pax", type: "x", bytes: body }, { name: "a" }]);
}

function paxes(count: number, type: string): Uint8Array {
  const header = { name: "pax", type, bytes: "100000 key=".padEnd(99_999, "v").concat("\n") };
  return writeTar([...Array.from({ length: count }, () => header), { name: "a" }]);
}

function mapOf(numbers: string, size: number): Uint8Array {
  const records = {
    "GNU.sparse.major": "1",
    "GNU.sparse.minor": "0",
    "GNU.sparse.realsize": "9",
    size: `${size}`,
  };
  return writeTar([{ name: "a", bytes: `${numbers}\n`, pax: records }]);
}

/** Five indexes, each of which names the next a thousand times. */
function recursive(): Record<string, Uint8Array> {
  const files = ociLayout([{ platform: AMD64, layers: [writeTar([{ name: "a" }])] }]);
  for (let depth = 0; depth < 5; depth++) {
    const index = files["index.json"]!;
    const descriptor = { digest: `sha256:${sha256(index)}`, size: index.length };
    files[`blobs/sha256/${sha256(index)}`] = index;
    const manifests = Array.from({ length: 1000 }, () => descriptor);
    files["index.json"] = Buffer.from(JSON.stringify({ manifests }));
  }
  return files;
}

function manyLayers(): Record<string, Uint8Array> {
  const { "manifest.json": manifest, ...files } = dockerSave([{ tag: "a:1", layers: [writeTar([])] }]);
  const [entry] = JSON.parse(Buffer.from(manifest!).toString());
  const Layers = Array.from({ length: 5000 }, () => entry.Layers[0]);
  return { ...files, "manifest.json": Buffer.from(JSON.stringify([{ ...entry, Layers }])) };
}

const LAYER = writeTar([
  { name: "usr/", type: "5" },
  { name: "usr/lib/x", bytes: "x".repeat(700), mode: 0o755 },
  { name: "lib", type: "2", to: "usr/lib" },
  { name: "lib/y", type: "1", to: "usr/lib/x" },
  { name: `lib/${"long/".repeat(40)}z`, bytes: "z", pax: { "SCHILY.xattr.security.capability": "\u0001" } },
  { name: "lib/.wh.y" },
  { name: "dev/null", type: "3", device: [1, 3] },
  { name: "holes", bytes: "123", pax: SPARSE },
  { name: "usr/.wh..wh..opq" },
  { name: "pipe", type: "6" },
]);

const SEEDS: Readonly<Record<string, Buffer>> = {
  tar: LAYER,
  "docker save": tarOf(dockerSave([{ tag: "a:1", layers: [LAYER, LAYER] }])),
  "OCI tar": tarOf(ociLayout([{ platform: AMD64, layers: [LAYER, gzipSync(LAYER)] }])),
  "tar.gz": gzipSync(LAYER),
};

for (const [kind, bytes] of Object.entries(SEEDS)) {
  test(`${kind}, its bytes changed at random, is read or a problem`, ENDS, async (t) => {
    const path = join(scratchDirectory(t), "root.tar");
    const store = await openStore(t, scratchDirectory(t));
    const outcomes = new Map<string, number>();
    for (let seed = 0; seed < 400; seed++) {
      writeFileSync(path, changed(bytes, randomSource(seed)));
      const outcome = (await problemOf(openAndRead(path, store)))?.code ?? "read";
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    rmSync(path);
    assert.ok((outcomes.get("archives/damaged") ?? 0) > 20, JSON.stringify([...outcomes]));
  });
}

/** Half of the time the headers' sums are made right again, so that what is wrong is believed. */
function changed(bytes: Buffer, random: (below: number) => number): Uint8Array {
  const copy = Buffer.from(bytes);
  // Most of an archive is padding: what is there counts.
  const places = [...copy.keys()].filter((at) => copy[at] !== 0);
  for (let count = 1 + random(6); count > 0; count--) {
    const at = places[random(places.length)]!;
    const value = random(3) === 0 ? random(256) : "0123456789ABDKLSVXgx/.\n\0"[random(24)]!.charCodeAt(0);
    copy[at] = value;
  }
  if (random(2) === 0) repairSums(copy);
  return random(8) === 0 ? copy.subarray(0, random(copy.length)) : copy;
}
