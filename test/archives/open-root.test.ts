import assert from "node:assert/strict";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { openRoot } from "../../src/archives/open-root.ts";
import { compressZstd } from "../../src/codecs/zstd.ts";
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import type { TargetPath } from "../../src/core/path.ts";
import type { Host, InputMemory, RememberedFile, Tree } from "../../src/core/ports.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { AMD64, ARM64, openKept, readText, tarWith, writeRoot } from "../support/archive-roots.ts";
import { openStore } from "../support/disk-cache.ts";
import { hostPath } from "../support/disk-files.ts";
import { memoryStore } from "../support/memory-store.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { dockerSave, ociLayout, sha256, tarOf } from "../support/tar-writer.ts";

const host = nodeHost({ jobs: 2, environment: {} });

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
  assert.equal(readText(await openKept(layout, t, "aarch64"), "etc/machine"), "arm");
  assert.equal(readText(await openKept(tarOf(layout), t, "amd64"), "etc/machine"), "x86");
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
  assert.equal(readText(await openKept(layout, t, "armhf"), "v"), "v7");
  assert.equal(readText(await openKept(layout, t, "armel"), "v"), "v5");
});

test("an index inside an index is followed", async (t) => {
  const inner = ociLayout([{ platform: AMD64, layers: [tarWith({ "/a": "1" })] }]);
  const index = inner["index.json"]!;
  const nested = JSON.stringify({ manifests: [{ digest: `sha256:${sha256(index)}`, size: index.length }] });
  const layout = { ...inner, [`blobs/sha256/${sha256(index)}`]: index, "index.json": Buffer.from(nested) };
  assert.equal(readText(await openKept(layout, t), "a"), "1");
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
      ["a/kept", "a/old", "b/z", "dir"].map((path) => readText(tree, path)),
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

test("docker save writes one file for layers that are the same, and symlinks to it", async (t) => {
  const layer = tarWith({ "/a": "1" });
  const { "manifest.json": manifest, ...files } = dockerSave([{ tag: "a:1", layers: [layer, layer] }]);
  const [entry] = JSON.parse(Buffer.from(manifest!).toString());
  const path = writeRoot(files, t);
  symlinkSync(entry.Layers[0], join(path, "same.tar"));
  symlinkSync(join("/", entry.Layers[0]), join(path, "rooted.tar"));
  for (const name of ["same.tar", "rooted.tar"]) {
    writeFileSync(
      join(path, "manifest.json"),
      JSON.stringify([{ ...entry, Layers: [entry.Layers[0], name] }]),
    );
    const tree = await openRoot(hostPath(path), null, { host, store: memoryStore(), memory: NO_MEMORY });
    assert.deepEqual(tree.list("" as TargetPath), ["a"]);
  }
});

test("a root tree with a manifest.json of its own is a root tree", async (t) => {
  for (const manifest of ['[{"name":"app"}]', "// no JSON", "[]", "[".repeat(100_000), " ".repeat(5 << 20)]) {
    const files = { "/manifest.json": manifest, "/etc/motd": "hi" };
    assert.equal(readText(await openKept(tarWith(files), t), "etc/motd"), "hi");
    const kept = { "manifest.json": Buffer.from(manifest), "etc/motd": Buffer.from("hi") };
    assert.equal(readText(await openKept(kept, t), "etc/motd"), "hi");
  }
});

test("what docker save wrote and somebody took parts of says what is missing", async (t) => {
  const { "manifest.json": manifest } = dockerSave([{ tag: "a:1", layers: [tarWith({ "/a": "1" })] }]);
  const [problem] = await problemsOf(openKept({ "manifest.json": manifest! }, t));
  assert.match(JSON.stringify(problem), /archives\/damaged.*is not there/);
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
  const path = writeRoot(Buffer.concat([skippable, ...frames]), t);
  const store = await openStore(t, scratchDirectory(t));
  const tree = await openRoot(hostPath(path), null, { host: bare, store, memory: NO_MEMORY });
  assert.equal(readText(tree, "a"), "frame by frame");
  const xz = writeRoot(Buffer.from("fd377a585a000004", "hex"), t);
  const [problem] = await problemsOf(openRoot(hostPath(xz), null, { host: bare, store, memory: NO_MEMORY }));
  assert.deepEqual(
    [problem?.code, (problem as { program?: string }).program],
    ["archives/program-not-found", "xz"],
  );
});

test("a second opening parses and decompresses nothing, and gives the same tree", async (t) => {
  const path = writeRoot(gzipSync(tarWith({ "/a/\xff": "1", "/b": { symlink: "\xfe" } })), t);
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
  await openRoot(hostPath(path), null, { host, store: counting, memory: NO_MEMORY });
  assert.equal(labels.length, 2);
  const tree = await openRoot(hostPath(path), null, { host, store: counting, memory: NO_MEMORY });
  assert.equal(labels.length, 2);
  assert.equal(readText(tree, "a/\xff"), "1");
  assert.equal(tree.readLink("b" as TargetPath), "\xfe");
});

test("a damaged index in the cache is made again", async (t) => {
  const path = hostPath(writeRoot(tarWith({ "/a": "1" }), t));
  const store = memoryStore();
  await openRoot(path, null, { host, store, memory: NO_MEMORY });
  for (const digest of store.contents.keys()) store.damage(digest);
  assert.equal(readText(await openRoot(path, null, { host, store, memory: NO_MEMORY }), "a"), "1");
  assert.equal(store.puts.length, 2);
});

test("an archive that becomes shorter while it is used is a problem", async (t) => {
  const path = writeRoot(tarWith({ "/a": "1" }), t);
  const tree = await openRoot(hostPath(path), null, { host, store: memoryStore(), memory: NO_MEMORY });
  truncateSync(path, 100);
  assert.throws(() => readText(tree, "a"), { message: "host/file-changed" });
});

test("a second opening reads little of an archive that looks as it did, and of its layers nothing", async (t) => {
  const layers = ["1", "2"].map((name) => tarWith({ [`/${name}`]: name.repeat(400_000) }));
  const image = { platform: AMD64, layers };
  for (const kept of [
    tarOf(ociLayout([image])),
    tarOf(dockerSave([{ tag: "a:1", layers }])),
    ociLayout([image]),
  ]) {
    let bytesRead = 0;
    const counting: Host = {
      ...host,
      tree: (root) => {
        const tree = host.tree(root);
        const open = (path: TargetPath) => {
          const file = tree.open(path);
          const read = (into: Uint8Array, position: number) => {
            const length = file.read(into, position);
            bytesRead += length;
            return length;
          };
          return { size: file.size, read, versionNow: () => file.versionNow(), close: () => file.close() };
        };
        return { ...tree, open };
      },
    };
    const remembered = new Map<string, RememberedFile>();
    const memory: InputMemory = {
      of: (identity) => ({
        recall: (path, { size }) => remembered.get(`${identity} ${path} ${size}`) ?? null,
        remember: (path, { size }, learned) =>
          void remembered.set(`${identity} ${path} ${size}`, { digest: null, scan: null, ...learned }),
      }),
    };
    const [path, store] = [hostPath(writeRoot(kept, t)), await openStore(t, scratchDirectory(t))];
    const open = () => openRoot(path, null, { host: counting, store, memory });
    await open();
    assert.ok(bytesRead > 800_000);
    bytesRead = 0;
    const tree = await open();
    assert.ok(bytesRead < 20_000, `${bytesRead} bytes`);
    assert.equal(readText(tree, "2").length, 400_000);
  }
});
