import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { openRoot } from "../../src/archives/open-root.ts";
import { compressZstd } from "../../src/codecs/zstd.ts";
import { archByName } from "../../src/core/arch.ts";
import type { TargetPath } from "../../src/core/path.ts";
import type { Host, Tree } from "../../src/core/ports.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { openStore } from "../support/disk-cache.ts";
import { hostPath, writeFiles } from "../support/disk-files.ts";
import { memoryStore } from "../support/memory-store.ts";
import type { MemoryFile } from "../support/memory-tree.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { dockerSave, ociLayout, sha256, tarEntriesOf, tarOf, writeTar } from "../support/tar-writer.ts";
import { testTreeContract } from "../support/tree-contract.ts";

const host = nodeHost({ jobs: 2, environment: {} });
const AMD64 = { architecture: "amd64", os: "linux" };
const ARM64 = { architecture: "arm64", os: "linux", variant: "v8" };

/** Bytes of a file, or the files of a directory. */
type Kept = Uint8Array | Readonly<Record<string, Uint8Array>>;

const KINDS: Readonly<Record<string, (tar: Buffer) => Kept>> = {
  tar: (tar) => tar,
  "tar.gz": (tar) => gzipSync(tar),
  "OCI directory": (tar) => ociLayout([{ platform: AMD64, layers: [tar] }]),
  "OCI directory, compressed layer": (tar) => ociLayout([{ platform: null, layers: [gzipSync(tar)] }]),
  "OCI tar": (tar) => tarOf(ociLayout([{ platform: AMD64, layers: [tar] }])),
  "OCI tar.gz, compressed layer": (tar) =>
    gzipSync(tarOf(ociLayout([{ platform: AMD64, layers: [gzipSync(tar)] }]))),
  "docker save": (tar) => tarOf(dockerSave([{ tag: "a:1", layers: [tar] }])),
};

for (const [kind, keep] of Object.entries(KINDS)) {
  testTreeContract(kind, (files, t) => openKept(keep(writeTar(tarEntriesOf(files))), t));
}

function write(kept: Kept, t: TestContext): string {
  const path = join(scratchDirectory(t), "root");
  if (kept instanceof Uint8Array) writeFileSync(path, kept);
  else {
    const files = Object.entries(kept).map(([name, bytes]) => [`/root/${name}`, bytes] as const);
    writeFiles(join(path, ".."), Object.fromEntries(files));
  }
  return path;
}

async function openKept(kept: Kept, t: TestContext, arch: string | null = null): Promise<Tree> {
  const store = await openStore(t, scratchDirectory(t));
  return openRoot(hostPath(write(kept, t)), arch === null ? null : archByName(arch), { host, store });
}

function read(tree: Tree, path: string): string {
  const file = tree.open(path as TargetPath);
  const bytes = Buffer.alloc(file.size);
  file.read(bytes, 0);
  file.close();
  return bytes.toString("latin1");
}

function tarWith(files: Readonly<Record<string, MemoryFile>>): Buffer {
  return writeTar(tarEntriesOf(files));
}

async function problemsOf(opening: Promise<Tree>): Promise<readonly Problem[]> {
  try {
    await opening;
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  assert.fail("it was opened");
}

function fittingIn(problem: Problem | undefined): readonly string[] {
  assert.equal(problem?.code, "archives/which-image");
  return (problem as Extract<Problem, { code: "archives/which-image" }>).fitting;
}

test("arch picks the image of a layout that holds several", async (t) => {
  const layout = ociLayout([
    { platform: AMD64, layers: [tarWith({ "/etc/machine": "x86" })] },
    { platform: ARM64, layers: [tarWith({ "/etc/machine": "arm" })] },
    { platform: { architecture: "unknown", os: "unknown" }, layers: [] },
  ]);
  assert.equal(read(await openKept(layout, t, "aarch64"), "etc/machine"), "arm");
  assert.equal(read(await openKept(tarOf(layout), t, "amd64"), "etc/machine"), "x86");
  const [ambiguous] = await problemsOf(openKept(layout, t));
  const labels = fittingIn(ambiguous).map((label) => label.split(" ")[0]);
  assert.deepEqual(labels, ["amd64", "arm64/v8"]);
  const [missing] = await problemsOf(openKept(layout, t, "s390x"));
  assert.deepEqual(fittingIn(missing), []);
});

test("an arm image is chosen by its variant", async (t) => {
  const image = (variant: string) => ({
    platform: { architecture: "arm", os: "linux", variant },
    layers: [tarWith({ "/v": variant })],
  });
  const layout = ociLayout(["v5", "v6", "v7"].map(image));
  assert.equal(read(await openKept(layout, t, "armhf"), "v"), "v7");
  assert.equal(read(await openKept(layout, t, "armel"), "v"), "v5");
});

test("an index inside an index is followed", async (t) => {
  const inner = ociLayout([{ platform: AMD64, layers: [tarWith({ "/a": "1" })] }]);
  const index = inner["index.json"]!;
  const nested = JSON.stringify({ manifests: [{ digest: `sha256:${sha256(index)}`, size: index.length }] });
  const layout = { ...inner, [`blobs/sha256/${sha256(index)}`]: index, "index.json": Buffer.from(nested) };
  assert.equal(read(await openKept(layout, t), "a"), "1");
});

test("later layers replace, hide and empty what earlier ones have", async (t) => {
  const layers = [
    {
      "/a/old": "1",
      "/a/kept": "1",
      "/b/x": "1",
      "/b/y/z": "1",
      "/dir/below": "1",
      "/lib": { symlink: "usr" },
    },
    { "/a/.wh.old": "", "/b/z": "2", "/b/.wh..wh..opq": "", "/dir": "2", "/a/.wh.kept": "", "/a/kept": "2" },
    { "/a/old": "3", "/.wh..wh.plnk": "", "/none/.wh.none": "", "/lib": { directory: 0o700 } },
  ].map((files) => tarWith(files));
  const images = [ociLayout([{ platform: AMD64, layers }]), tarOf(dockerSave([{ tag: "a:1", layers }]))];
  for (const image of images) {
    const tree = await openKept(image, t);
    assert.deepEqual(tree.list("" as TargetPath), ["a", "b", "dir", "lib"]);
    assert.deepEqual(tree.list("a" as TargetPath), ["kept", "old"]);
    assert.deepEqual(tree.list("b" as TargetPath), ["z"]);
    assert.deepEqual(
      ["a/kept", "a/old", "b/z", "dir"].map((path) => read(tree, path)),
      ["2", "3", "2", "2"],
    );
    assert.equal(tree.stat("lib" as TargetPath)?.mode, 0o700);
  }
});

test("several images of docker save are named, unless arch tells them apart", async (t) => {
  const layers = [tarWith({ "/a": "1" })];
  const saved = dockerSave([
    { tag: "one:1", layers },
    { tag: "two:2", layers },
  ]);
  const [problem] = await problemsOf(openKept(tarOf(saved), t));
  assert.equal(problem?.code, "archives/which-image");
  assert.match(JSON.stringify(problem), /one:1.*two:2/);
});

test("a root tree with a manifest.json of its own is a root tree", async (t) => {
  const tree = await openKept(tarWith({ "/manifest.json": '[{"name":"app"}]', "/etc/motd": "hi" }), t);
  assert.equal(read(tree, "etc/motd"), "hi");
});

test("a blob with other bytes than its digest says is refused", async (t) => {
  const layer = tarWith({ "/a": "1" });
  const layout = ociLayout([{ platform: AMD64, layers: [layer] }]);
  const name = `blobs/sha256/${sha256(layer)}`;
  const changed = Buffer.from(layer);
  changed[512]! ^= 1;
  const [problem] = await problemsOf(openKept({ ...layout, [name]: changed }, t));
  assert.equal(problem?.code, "archives/wrong-digest");
  const { [name]: _, ...without } = layout;
  const [missing] = await problemsOf(openKept(without, t));
  assert.match(JSON.stringify(missing), /archives\/damaged.*is not there/);
});

test("what is neither directory nor archive is no root", async (t) => {
  for (const bytes of ["", "hello", "\x7fELF", gzipSync("hello").toString("latin1"), "[]"]) {
    const [problem] = await problemsOf(openKept(Buffer.from(bytes, "latin1"), t));
    assert.deepEqual(
      [problem?.code, (problem as { found?: string }).found],
      ["host/not-a-directory", "file"],
    );
  }
});

test("compressed archives that are cut short or changed say so", async (t) => {
  const zipped = gzipSync(tarWith({ "/a": "x".repeat(5000) }));
  const changed = Buffer.from(zipped);
  changed[changed.length - 8]! ^= 1;
  for (const bytes of [zipped.subarray(0, 40), changed]) {
    const [problem] = await problemsOf(openKept(bytes, t));
    assert.equal(problem?.code, "archives/damaged");
  }
});

test("zstd needs no program of the machine; xz without one is a problem that names it", async (t) => {
  const bare: Host = { ...host, findProgram: () => null };
  const tar = tarWith({ "/a": "frame by frame" });
  const frames = await Promise.all(
    [tar.subarray(0, 700), tar.subarray(700)].map((part) => compressZstd(part, 3)),
  );
  const skippable = Buffer.from("502a4d180400000000000000", "hex");
  const path = write(Buffer.concat([skippable, ...frames]), t);
  const store = await openStore(t, scratchDirectory(t));
  const tree = await openRoot(hostPath(path), null, { host: bare, store });
  assert.equal(read(tree, "a"), "frame by frame");
  const xz = write(Buffer.from("fd377a585a000004", "hex"), t);
  const [problem] = await problemsOf(openRoot(hostPath(xz), null, { host: bare, store }));
  assert.deepEqual(
    [problem?.code, (problem as { program?: string }).program],
    ["archives/program-not-found", "xz"],
  );
});

test("a second opening parses and decompresses nothing, and gives the same tree", async (t) => {
  const path = write(gzipSync(writeTar(tarEntriesOf({ "/a/\xff": "1", "/b": { symlink: "\xfe" } }))), t);
  const directory = scratchDirectory(t);
  const first = await openStore(t, directory);
  const labels: string[] = [];
  const counting = {
    ...first,
    put: (...args: Parameters<typeof first.put>) => {
      labels.push(args[2] ?? "");
      return first.put(...args);
    },
  };
  await openRoot(hostPath(path), null, { host, store: counting });
  assert.equal(labels.length, 2);
  const tree = await openRoot(hostPath(path), null, { host, store: counting });
  assert.equal(labels.length, 2);
  assert.equal(read(tree, "a/\xff"), "1");
  assert.equal(tree.readLink("b" as TargetPath), "\xfe");
});

test("a damaged index in the cache is made again", async (t) => {
  const path = hostPath(write(tarWith({ "/a": "1" }), t));
  const store = memoryStore();
  await openRoot(path, null, { host, store });
  for (const digest of store.contents.keys()) store.damage(digest);
  assert.equal(read(await openRoot(path, null, { host, store }), "a"), "1");
  assert.equal(store.puts.length, 2);
});

test("an archive that becomes shorter while it is used is a problem", async (t) => {
  const path = write(tarWith({ "/a": "1" }), t);
  const tree = await openRoot(hostPath(path), null, { host, store: memoryStore() });
  truncateSync(path, 100);
  assert.throws(() => read(tree, "a"), { message: "host/file-changed" });
});
