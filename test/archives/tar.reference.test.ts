/** Archives that GNU tar and bsdtar write, against the directory that they were made of. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, linkSync, mkdirSync, openSync, writeSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { openRoot } from "../../src/archives/open-root.ts";
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import { childOf, ROOT } from "../../src/core/path.ts";
import type { Tree } from "../../src/core/ports.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { openStore } from "../support/disk-cache.ts";
import { hostPath, writeFiles } from "../support/disk-files.ts";
import { memoryStore } from "../support/memory-store.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireRoot, requireTool } from "../support/tools.ts";

const host = nodeHost({ jobs: 2, environment: process.env });

/** A directory with all that a tar can hold. */
function makeTree(t: TestContext, names: "any" | "short"): string {
  const directory = scratchDirectory(t);
  const long = names === "any" ? { [`/${"long/".repeat(60)}${"n".repeat(200)}`]: "long" } : {};
  writeFiles(directory, {
    "/usr/bin/tool": { mode: 0o4755, bytes: "\x7fELF" },
    "/empty": "",
    "/block": "x".repeat(512),
    "/no utf8 \xff\xfe\n": "odd",
    "/\xc3\xa9": "UTF-8",
    "/links/soft": { symlink: "../usr/\xff" },
    "/links/long": { symlink: names === "any" ? "to/".repeat(100) : "to" },
    "/pipe": { fifo: 0o640 },
    "/tmp": { directory: 0o1777 },
    [`/${"d".repeat(90)}/${"f".repeat(90)}`.slice(0, names === "any" ? 300 : 99)]: "deep",
    ...long,
  });
  linkSync(`${directory}/usr/bin/tool`, `${directory}/links/hard`);
  const sparse = openSync(`${directory}/sparse`, "w");
  for (let piece = 0; piece < 40; piece++) writeSync(sparse, `piece ${piece}`, 1_000_000 + piece * 500_000);
  ftruncateSync(sparse, 25_000_000);
  closeSync(sparse);
  return directory;
}

/** Everything that a tree says of its files, with their bytes. */
function describeTree(tree: Tree): Map<string, unknown> {
  const told = new Map<string, unknown>();
  const todo = [ROOT];
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    const { kind, mode, size, major, minor } = tree.stat(path)!;
    const content = kind === "file" ? read(tree, path) : kind === "symlink" ? tree.readLink(path) : "";
    if (path !== ROOT) told.set(path, { kind, mode, size, major, minor, content });
    if (kind === "directory") for (const name of tree.list(path)) todo.push(childOf(path, name));
  }
  return new Map([...told].sort());
}

function read(tree: Tree, path: typeof ROOT): string {
  const file = tree.open(path);
  const bytes = Buffer.alloc(file.size);
  assert.equal(file.read(bytes, 0), file.size);
  file.close();
  return bytes.toString("latin1");
}

const WRITERS: readonly (readonly [tool: string, names: "any" | "short", ...args: string[]])[] = [
  ["tar", "any", "--format=gnu"],
  ["tar", "any", "--format=gnu", "--sparse"],
  ["tar", "any", "--format=oldgnu", "--sparse"],
  ["tar", "any", "--format=posix"],
  ["tar", "any", "--format=posix", "--sparse", "--sparse-version=0.0"],
  ["tar", "any", "--format=posix", "--sparse", "--sparse-version=0.1"],
  ["tar", "any", "--format=posix", "--sparse", "--sparse-version=1.0"],
  ["tar", "short", "--format=ustar"],
  ["bsdtar", "any", "--format=pax"],
  ["bsdtar", "any", "--format=gnutar"],
  ["bsdtar", "short", "--format=ustar"],
];

for (const [tool, names, ...args] of WRITERS) {
  test(`reads what ${tool} ${args.join(" ")} writes`, requireTool(tool), async (t) => {
    const directory = makeTree(t, names);
    const archive = `${scratchDirectory(t)}/root.tar`;
    execFileSync(tool, [...args, "-cf", archive, "-C", directory, "."], {
      stdio: "pipe",
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    const tree = await openRoot(hostPath(archive), null, { host, store: memoryStore(), memory: NO_MEMORY });
    assert.deepEqual(describeTree(tree), describeTree(host.tree(hostPath(directory))));
  });
}

test("reads what tar --format=v7 writes", requireTool("tar"), async (t) => {
  const directory = scratchDirectory(t);
  writeFiles(directory, {
    "/a/b": { mode: 0o751, bytes: "x" },
    "/a/\xff": { symlink: "b" },
    "/d": { directory: 0o700 },
  });
  const archive = `${scratchDirectory(t)}/root.tar`;
  execFileSync("tar", ["--format=v7", "-cf", archive, "-C", directory, "."]);
  const tree = await openRoot(hostPath(archive), null, { host, store: memoryStore(), memory: NO_MEMORY });
  assert.deepEqual(describeTree(tree), describeTree(host.tree(hostPath(directory))));
});

for (const [tool, ...args] of [["gzip"], ["xz"], ["zstd", "-q"], ["zstd", "-q", "--long=30"], ["bzip2"]]) {
  test(`reads what ${[tool, ...args].join(" ")} compressed`, requireTool(tool!), async (t) => {
    const directory = makeTree(t, "any");
    const archive = `${scratchDirectory(t)}/anything`;
    execFileSync("tar", ["-cf", archive, "-C", directory, "."]);
    execFileSync(tool!, [...args, archive]);
    const suffix = { gzip: "gz", xz: "xz", zstd: "zst", bzip2: "bz2" }[tool!];
    const store = await openStore(t, scratchDirectory(t));
    const tree = await openRoot(hostPath(`${archive}.${suffix}`), null, { host, store, memory: NO_MEMORY });
    assert.deepEqual(describeTree(tree), describeTree(host.tree(hostPath(directory))));
  });
}

test(
  "owners, devices and capabilities come from the headers",
  requireAll(requireRoot(), requireTool("tar", "setcap", "mknod")),
  async (t) => {
    const directory = scratchDirectory(t);
    try {
      writeFiles(directory, {
        "/ping": { mode: 0o755, bytes: "x" },
        "/plain": "x",
        "/null": { char: [1, 3], mode: 0o666 },
      });
      execFileSync("setcap", ["cap_net_raw+ep", `${directory}/ping`], { stdio: "pipe" });
    } catch {
      return t.skip("device nodes or capabilities cannot be made here");
    }
    mkdirSync(`${directory}/home`);
    const archive = `${scratchDirectory(t)}/root.tar`;
    execFileSync("tar", [
      "--xattrs",
      "--xattrs-include=*",
      "--owner=:1234",
      "--group=:70000",
      "-cf",
      archive,
      "-C",
      directory,
      ".",
    ]);
    const tree = await openRoot(hostPath(archive), null, { host, store: memoryStore(), memory: NO_MEMORY });
    const facts = (name: string) => tree.stat(name as typeof ROOT)!;
    assert.equal(facts("ping").uncarried, "file capabilities");
    assert.equal(facts("plain").uncarried, null);
    assert.deepEqual([facts("plain").uid, facts("plain").gid], [1234, 70000]);
    assert.deepEqual([facts("null").kind, facts("null").major, facts("null").minor], ["char", 1, 3]);
  },
);
