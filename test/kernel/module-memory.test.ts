import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { HostPath, TargetPath } from "../../src/core/path.ts";
import type { Tree } from "../../src/core/ports.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import type { KernelContents } from "../../src/kernel/kernel.ts";
import { readKernel } from "../../src/kernel/read-kernel.ts";
import { inputMemoryIn } from "../../src/store/input-memory.ts";
import { cacheUser, flipBit } from "../support/disk-cache.ts";
import { writeFiles } from "../support/disk-files.ts";
import { KERNEL_TREE, kernelSpec, MODULES, modulesIn } from "../support/kernel-tree.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { writeModule } from "../support/module-writer.ts";
import { scratchDirectory } from "../support/scratch.ts";

const LATE = `${MODULES}/kernel/drivers/late.ko`;
const ALL = Object.keys(KERNEL_TREE).filter((path) => path.endsWith(".ko")).length;

test("the next build opens no module, and finds the same", async (t) => {
  const { read } = onDisk(t, KERNEL_TREE);
  const first = await read(["disk", "net"]);
  assert.equal(first.opened.length, ALL);
  const second = await read(["disk", "net"]);
  assert.deepEqual(second.opened, []);
  assert.deepEqual(second.kernel, first.kernel);
});

test("a module that was changed in place is seen, its size the same, and it alone is read", async (t) => {
  const { read, root } = onDisk(t, {
    ...KERNEL_TREE,
    [LATE]: writeModule({ info: ["alias=one"], needs: ["bus_add"] }),
  });
  assert.deepEqual(modulesIn((await read(["one"])).kernel), ["late", "my-bus"]);
  const { size, ctimeMs } = statSync(`${root}${LATE}`);
  const other = writeModule({ info: ["alias=two"], needs: ["bus_sub"] });
  assert.equal(other.length, size);
  // Within one tick of the clock the times stay the same; a build does not believe so young a file (settled.ts).
  while (statSync(`${root}${LATE}`).ctimeMs === ctimeMs)
    writeFileSync(`${root}${LATE}`, other, { flag: "r+" });
  const changed = await read(["two"]);
  assert.deepEqual(modulesIn(changed.kernel), ["late"]);
  assert.deepEqual(changed.opened, [LATE]);
  await assert.rejects(read(["one"]), { message: "kernel/module-not-found" });
});

test("a module that takes the place of another is seen", async (t) => {
  const { read, root } = onDisk(t, KERNEL_TREE);
  await read(["late"]);
  writeFiles(root, { [`${MODULES}/updates/late.ko`]: writeModule({ needs: ["bus_add"] }) });
  const { kernel, opened } = await read(["late"]);
  assert.deepEqual(modulesIn(kernel), ["late", "my-bus"]);
  assert.deepEqual(opened, [`${MODULES}/updates/late.ko`]);
});

test("a damaged memory is thrown away, and all modules are read anew", async (t) => {
  const { read, cache } = onDisk(t, KERNEL_TREE);
  const first = await read(["disk"]);
  const [name = ""] = readdirSync(`${cache}/inputs-v1`);
  const file = `${cache}/inputs-v1/${name}`;
  const whole = readFileSync(file);
  // A symbol that is still a symbol, as only the sum can tell.
  await flipBit(file, whole.indexOf("bus_add"));
  const second = await read(["disk"]);
  assert.equal(second.opened.length, ALL);
  assert.deepEqual(second.kernel, first.kernel);
  assert.ok(readFileSync(file).equals(whole), "it is whole again");
  assert.deepEqual((await read(["disk"])).opened, []);
});

test("a module that is linked in from elsewhere is opened by each build", async (t) => {
  const { read } = onDisk(t, {
    ...KERNEL_TREE,
    "/opt/driver.ko": writeModule(),
    [`${MODULES}/extra/driver.ko`]: { symlink: "/opt/driver.ko" },
  });
  assert.equal((await read(["driver"])).opened.length, ALL + 1);
  assert.deepEqual((await read(["driver"])).opened, ["/opt/driver.ko"]);
});

test("the modules of an archive are known by the archive's digest", async (t) => {
  const cache = scratchDirectory(t);
  const opened: number[] = [];
  for (const identity of ["archive 1", "archive 1", "archive 2"]) {
    const tree = memoryTree(identity, KERNEL_TREE);
    opened.push((await readWith(cache, tree, ["disk"])).opened.length);
  }
  assert.deepEqual(opened, [ALL, 0, ALL]);
});

interface Reading {
  readonly kernel: KernelContents;
  /** The modules that were opened, by name. */
  readonly opened: readonly string[];
}

interface KernelOnDisk {
  readonly root: string;
  readonly cache: string;
  read(words: readonly string[]): Promise<Reading>;
}

function onDisk(t: TestContext, files: Readonly<Record<string, MemoryFile>>): KernelOnDisk {
  const root = scratchDirectory(t);
  const cache = scratchDirectory(t);
  writeFiles(root, files);
  return { root, cache, read: (words) => readWith(cache, directoryTree(root as HostPath), words) };
}

async function readWith(cache: string, tree: Tree, words: readonly string[]): Promise<Reading> {
  const opened: string[] = [];
  const open = (path: TargetPath) => {
    if (/\.ko/.test(path)) opened.push(`/${path}`);
    return tree.open(path);
  };
  // The files are written just now, and a later build is the first to believe their times.
  const memory = inputMemoryIn(cache as HostPath, cacheUser({ now: () => Date.now() + 60_000 }));
  const ports = { memory, tell: () => {} };
  try {
    return { kernel: await readKernel(kernelSpec(words), { ...tree, open }, ports), opened };
  } finally {
    memory.save();
  }
}
