import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { compressZstd } from "../../src/codecs/zstd.ts";
import { digestOf } from "../../src/core/digest.ts";
import type { Entry } from "../../src/core/entry.ts";
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import { bytesOf, type HostPath } from "../../src/core/path.ts";
import type { InputMemory, RememberedFile } from "../../src/core/ports.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { closeReferences } from "../../src/graph/close.ts";
import type { Closure } from "../../src/graph/graph.ts";
import type { EarlySegment } from "../../src/inspect/early.ts";
import { contentOpener } from "../../src/layers/read-content.ts";
import { planImage } from "../../src/plan/plan-image.ts";
import { makePure } from "../../src/pure/make-pure.ts";
import type { Spec } from "../../src/spec/spec.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { file, inlineText, object, type SpecParts, spanAt, specOf } from "../support/specs.ts";

/** What two builds of the same programs gave: other hash parts, and nothing else. */
const FIRST = [
  "2ysd87v9q17gm7kxpmmb4lqgn6ps39m5-libc",
  "7ig9cjdd02d1pknffyhzwf3qy7ly6z23-tool",
  "5pgh0d9ijrv6r6w64wn97p7dm2pf940f-init",
] as const;
const SECOND = [
  "z8s7xfx0m6nncq6k4aai1qigzxd5rw9h-libc",
  "0c0z6v8xr3rf1zyqj2n4m5gkpsyl7w9d-tool",
  "1ggy1fr2hc9zyl8cd3lqjdhrsn3v0xwp-init",
] as const;
const MIB = 1 << 20;

type Names = readonly [libc: string, tool: string, init: string];
type Files = Record<string, MemoryFile>;

const at = (name: string) => `/nix/store/${name}`;
const hashOf = (name: string) => name.slice(0, 32);

function storeOf([libc, tool, init]: Names): Files {
  return {
    [`/${libc}/lib/libc.so`]: { mode: 0o555, bytes: "no references" },
    // The hash part lies over the border of what is read at a time.
    [`/${tool}/bin/tool`]: {
      mode: 0o555,
      bytes: `${"x".repeat(MIB - 20)}${hashOf(libc)}${"y".repeat(MIB)}${at(tool)}${at(libc)}`,
    },
    [`/${tool}/bin/alias`]: { symlink: `${at(tool)}/bin/tool` },
    [`/${init}`]: { mode: 0o555, bytes: `${at(tool)}/bin/tool; ${at(init)}` },
    [`/${tool}/conf.d/${libc}.conf`]: "",
  };
}

function treesOf(store: Files, more: Files = {}) {
  return {
    sysroot: memoryTree("/sysroot", more),
    host: memoryTree("/", more),
    store: memoryTree("/nix/store", store),
  };
}

const PURE: Spec["store"] = { ...specOf().store, isContentPure: true };

interface Made extends Closure {
  readonly bytesOf: (path: string) => string;
}

async function make(
  spec: SpecParts,
  trees: ReturnType<typeof treesOf>,
  early: readonly EarlySegment[] = [],
  memory: InputMemory = NO_MEMORY,
): Promise<Made> {
  const whole = specOf({ store: PURE, ...spec });
  const closed = closeReferences(whole, trees, { from: "scan" }, () => {});
  const closure = await makePure(whole, closed, early, { trees, memory, tell: () => {} });
  const open = contentOpener(trees, { sysroot: "/s" as HostPath, store: "/nix/store" as HostPath });
  const bytesOf = (path: string) => {
    const entry = closure.claims.map((claim) => claim.entry).find((one) => `/${one.path}` === path);
    if (entry?.kind !== "file") throw new Error(`no file ${path}`);
    const bytes = Buffer.alloc(entry.size);
    assert.equal(open(entry.source).file.read(bytes, 0), entry.size);
    return bytes.toString("latin1");
  };
  return { ...closure, bytesOf };
}

/** Everything that goes into an image, the bytes of files by their digest. */
function shown({ claims, contentOf }: Closure): string[] {
  const lines = claims.map(
    ({ entry }) => `${entry.path} ${entry.mode.toString(8)} ${contentIn(entry, contentOf)}`,
  );
  return [...new Set(lines)].sort();
}

function contentIn(entry: Entry, contentOf: Closure["contentOf"]): string {
  if (entry.kind === "symlink") return entry.to;
  return entry.kind === "file" ? contentOf(entry) : entry.kind;
}

async function problemsOf(spec: SpecParts, store: Files, more: Files = {}): Promise<readonly Problem[]> {
  try {
    await make(spec, treesOf(store, more));
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  return [];
}

const recipeOf = ([libc, , init]: Names): SpecParts => ({
  contents: [object(at(init), { symlink: "init" as never }), object("/etc/os")],
  files: [
    file("/etc/path", inlineText(`${at(libc)}/lib:${at(init)}`)),
    file("/lib/libc.so", { kind: "symlink", to: bytesOf(`${at(libc)}/lib/libc.so`) }),
  ],
});
const sysrootOf = ([libc]: Names): Files => ({ "/etc/os": `made with ${at(libc)}` });

test("other inputs and equal contents give equal images, by names of contents alone", async () => {
  const [first, second] = await Promise.all(
    [FIRST, SECOND].map((names) => make(recipeOf(names), treesOf(storeOf(names), sysrootOf(names)))),
  );
  assert.deepEqual(shown(first!), shown(second!));
  const text = shown(first!).join("\n");
  for (const name of [...FIRST, ...SECOND]) assert.ok(!text.includes(hashOf(name)), name);
  assert.equal(text.match(/^nix\/store\/[0-9a-df-np-svw-z]{32}-init 555/gm)?.length, 1);
});

test("every byte that names a store path names it anew, and no other byte is changed", async () => {
  const made = await make(recipeOf(FIRST), treesOf(storeOf(FIRST), sysrootOf(FIRST)));
  const names = [...made.renamed];
  assert.equal(names.length, FIRST.length);
  const renamed = (text: string) => names.reduce((all, [was, now]) => all.replaceAll(was, now), text);
  for (const [path, content] of Object.entries(storeOf(FIRST))) {
    if (typeof content !== "object" || !("bytes" in content)) continue;
    assert.equal(made.bytesOf(renamed(`/nix/store${path}`)), renamed(String(content.bytes)), path);
  }
  assert.equal(made.bytesOf("/etc/path"), renamed(`${at(FIRST[0])}/lib:${at(FIRST[2])}`));
  assert.equal(made.bytesOf("/etc/os"), renamed(`made with ${at(FIRST[0])}`));
  const links = made.claims.flatMap(({ entry }) => (entry.kind === "symlink" ? [entry.to as string] : []));
  assert.deepEqual(
    links.sort(),
    [at(FIRST[2]), `${at(FIRST[1])}/bin/tool`, `${at(FIRST[0])}/lib/libc.so`].map(renamed).sort(),
  );
  const libc = names.find(([was]) => was === hashOf(FIRST[0]))![1];
  assert.ok(made.claims.some(({ entry }) => entry.path.endsWith(`/conf.d/${libc}-libc.conf`)));
});

test("another byte gives another name, to all that refer to it too", async () => {
  const names = FIRST;
  const store = storeOf(names);
  const before = await make(recipeOf(names), treesOf(store, sysrootOf(names)));
  const changed = { ...store, [`/${names[0]}/lib/libc.so`]: { mode: 0o555, bytes: "no References" } };
  const after = await make(recipeOf(names), treesOf(changed, sysrootOf(names)));
  assert.ok(areApart(before, after));
  const mode = { ...store, [`/${names[0]}/lib/libc.so`]: "no references" };
  const other = await make(recipeOf(names), treesOf(mode, sysrootOf(names)));
  assert.ok(areApart(before, other));
});

function areApart(one: Closure, other: Closure): boolean {
  const names = new Set(one.renamed.values());
  return names.size === FIRST.length && ![...other.renamed.values()].some((name) => names.has(name));
}

test("store paths of equal names and contents become one", async () => {
  const [a, b] = [FIRST[0], SECOND[0]];
  const store = {
    [`/${a}/lib`]: `I am ${at(a)}`,
    [`/${b}/lib`]: `I am ${at(b)}`,
    [`/${FIRST[2]}`]: `${at(a)} ${at(b)}`,
  };
  const made = await make({ contents: [object(at(FIRST[2]))] }, treesOf(store));
  const entries = planImage(specOf({ store: PURE }), made, []).layers[0]!.entries.map(
    ({ entry }) => entry.path,
  );
  const tops = entries.filter((path) => /^nix\/store\/[^/]+$/.test(path));
  assert.equal(tops.length, 2);
  const libc = tops.find((path) => path.endsWith("-libc"))!;
  assert.equal(made.bytesOf(`/${libc}/lib`), `I am /${libc}`);
  assert.equal(made.bytesOf(`/${tops.find((path) => path !== libc)}`), `/${libc} /${libc}`);
});

test("one of two layers holds them, whatever they were called", async () => {
  const twins = [FIRST[0], SECOND[0]];
  const store = Object.fromEntries(twins.map((name) => [`/${name}/lib`, `I am ${at(name)}`]));
  const [main] = specOf().layers;
  const plans = [twins, twins.toReversed()].map(async (order) => {
    const layers = order.map((name) => ({ ...main!, name: "l", contents: [object(at(name))] }));
    const made = await make({ layers }, treesOf(store));
    const plan = planImage(specOf({ layers, store: PURE }), made, []);
    return plan.layers.map(({ entries }) => entries.map(({ entry }) => entry.path));
  });
  const [one, other] = await Promise.all(plans);
  assert.deepEqual(one, other);
  assert.equal(one!.flat().filter((path) => path.endsWith("/lib")).length, 1);
});

test("with files alone, what does not come is named by nobody's name", async () => {
  const [libc, tool] = FIRST;
  const store = {
    [`/${tool}/bin/tool`]: { mode: 0o555, bytes: `data of ${at(libc)}` },
    [`/${libc}/share`]: "not reached",
  };
  const spec = { contents: [object(`${at(tool)}/bin/tool`)], store: { ...PURE, extent: "files" as const } };
  const made = await make(spec, treesOf(store));
  const path = made.claims.find(({ entry }) => entry.kind === "file")!.entry.path;
  assert.equal(made.bytesOf(`/${path}`), `data of /nix/store/${"e".repeat(32)}-libc`);
});

test("a recipe that keeps names keeps all of the closure", async () => {
  const spec = specOf({ ...recipeOf(FIRST) });
  const trees = treesOf(storeOf(FIRST), sysrootOf(FIRST));
  const closed = closeReferences(spec, trees, { from: "scan" }, () => {});
  assert.equal(await makePure(spec, closed, [], { trees, memory: NO_MEMORY, tell: () => {} }), closed);
});

const MODULE_SIGNATURE = "~Module signature appended~\n";

test("a name where no other can stand is an error with the path", async () => {
  const [libc, tool] = FIRST;
  // So long that nothing of it stands as it is in what is packed.
  const lines = Array.from({ length: 400 }, (_, number) => `line ${number * 7919}`);
  const text = Buffer.from([...lines, `see ${at(libc)}/share`].join("\n"));
  const files: Record<string, [MemoryFile, string]> = {
    "a.gz": [gzipSync(text), "packed gzip"],
    // A second member holds it.
    "b.gz": [Buffer.concat([gzipSync("nothing"), gzipSync(text)]), "packed gzip"],
    "c.zst": [Buffer.from(await compressZstd(text, 3)), "packed zstd"],
    "e.ko": [`${at(libc)}${MODULE_SIGNATURE}`, "signed kernel module"],
    "f.efi": [signedPe(at(libc)), "signed Authenticode"],
    "g.tar": [`${"\0".repeat(257)}ustar\0${"\0".repeat(250)}${at(libc)}`, "summed tar"],
    "h.zip": [`PK\x03\x04${at(libc)}`, "summed zip"],
  };
  const store: Files = { [`/${libc}/share`]: "", [`/${tool}/refers`]: at(libc) };
  for (const [name, [content]] of Object.entries(files)) store[`/${tool}/${name}`] = content;
  const problems = await problemsOf({ contents: [object(at(tool))] }, store);
  assert.deepEqual(
    problems.map((problem) =>
      problem.code === "graph/cannot-rewrite"
        ? [problem.path, `${problem.why} ${problem.what}`, problem.mentions]
        : [problem.code],
    ),
    Object.entries(files).map(([name, [, why]]) => [`nix/store/${tool}/${name}`, why, `nix/store/${libc}`]),
  );
});

test("what is packed or signed and names nothing is as it was; what cannot be read is told once a packing", async () => {
  const [, tool] = FIRST;
  const store = {
    [`/${tool}/a.gz`]: gzipSync("nothing"),
    [`/${tool}/b.ko`]: `nothing${MODULE_SIGNATURE}`,
    [`/${tool}/c.bz2`]: "BZh91AY&SY",
    [`/${tool}/d.bz2`]: "BZh91AY&SY",
    [`/${tool}/e.gz`]: gzipSync("cut short").subarray(0, 20),
  };
  const made = await make({ contents: [object(at(tool))] }, treesOf(store));
  const top = `/nix/store/${tool}`;
  assert.deepEqual(made.warnings, [
    { code: "graph/unread-packing", packing: "bzip2", files: [`${top}/c.bz2`, `${top}/d.bz2`] },
    { code: "graph/unread-packing", packing: "gzip", files: [`${top}/e.gz`] },
  ]);
  const now = made.claims.map(({ entry }) => entry.path).find((path) => path.endsWith("/b.ko"));
  assert.equal(made.bytesOf(`/${now}`), `nothing${MODULE_SIGNATURE}`);
});

test("store paths that refer to one another have no names", async () => {
  const [libc, tool, init] = FIRST;
  const store = { [`/${libc}`]: at(tool), [`/${tool}`]: at(init), [`/${init}`]: at(libc) };
  const [problem, ...others] = await problemsOf({ contents: [object(at(libc))] }, store);
  assert.deepEqual(others, []);
  assert.deepEqual(problem, { code: "graph/store-cycle", paths: [libc, tool, init, libc] });
});

test("a prepended archive keeps its names, and is told of where it lacks the store path", async () => {
  const [libc, tool, init] = FIRST;
  const archive = Buffer.from(`${at(libc)} ${at(tool)}`);
  const early: EarlySegment = {
    path: "/early.cpio" as HostPath,
    size: archive.length,
    digest: digestOf(archive),
    kind: "plain",
    lastKind: "plain",
    entries: [{ path: `nix/store/${tool}` as never, kind: "directory", to: null }],
    at: spanAt(9),
  };
  const trees = treesOf(storeOf(FIRST), { "/early.cpio": archive });
  const { warnings } = await make({ contents: [object(at(init))] }, trees, [early]);
  assert.deepEqual(warnings, [
    { code: "graph/prepended-names", at: spanAt(9), archive: "early.cpio", paths: [at(libc)] },
  ]);
});

test("a file that looks as it did is not read for its names again", async () => {
  const kept = new Map<string, RememberedFile>();
  const memory: InputMemory = {
    of: (identity) => ({
      recall: (path) => kept.get(`${identity} ${path}`) ?? null,
      remember: (path, _, { digest = null, scan = null }) =>
        kept.set(`${identity} ${path}`, { digest, scan: JSON.parse(JSON.stringify(scan)) }),
    }),
  };
  const spec = recipeOf(FIRST);
  const first = await make(spec, treesOf(storeOf(FIRST), sysrootOf(FIRST)), [], memory);
  const trees = treesOf(storeOf(FIRST), sysrootOf(FIRST));
  const closed = closeReferences(specOf({ store: PURE, ...spec }), trees, { from: "scan" }, () => {});
  const reads = trees.store.reads.length;
  const again = await makePure(specOf({ store: PURE, ...spec }), closed, [], {
    trees,
    memory,
    tell: () => {},
  });
  assert.equal(trees.store.reads.length, reads);
  assert.deepEqual(shown(again), shown(first));
});

/** As much of a PE32+ file as says that it is signed: the certificate table's size. */
function signedPe(text: string): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write("MZ", 0, "latin1");
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write("PE\0\0", 0x80, "latin1");
  bytes.writeUInt16LE(0x20b, 0x80 + 24);
  bytes.writeUInt32LE(8, 0x80 + 24 + 112 + 4 * 8 + 4);
  bytes.write(text, 400, "latin1");
  return bytes;
}
