import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { compressZstd } from "../../src/codecs/zstd.ts";
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import type { ProgressEvent } from "../../src/core/ports.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { decodeKmodIndex } from "../../src/formats/kmod-index.ts";
import type { KernelContents } from "../../src/kernel/kernel.ts";
import { readKernel } from "../../src/kernel/read-kernel.ts";
import {
  arrows,
  firmware,
  KERNEL_TREE,
  kernelOf,
  kernelSpec,
  MODULES,
  modulesIn,
  VERSION,
} from "../support/kernel-tree.ts";
import { memoryTree } from "../support/memory-tree.ts";
import { writeModule } from "../support/module-writer.ts";

test("a module brings what its symbols need, what it wants before it by alias, and what it may use", async () => {
  const kernel = await kernelOf(kernelSpec(["disk"]));
  assert.equal(kernel.version, VERSION);
  assert.deepEqual(modulesIn(kernel), ["disk", "late", "my-bus", "sum", "sum_fast"]);
  assert.deepEqual(arrows(kernel), [
    "disk -> my-bus module-depends",
    "disk -> late weakdep",
    "disk -> sum softdep",
    "disk -> sum_fast softdep",
    "sum_fast -> my-bus softdep",
  ]);
});

test("modules are named as modprobe knows them, by path, by directory and by glob", async () => {
  const rows: [word: string, modules: string[]][] = [
    ["my_bus", ["my-bus"]],
    ["my-bus", ["my-bus"]],
    ["crypto-sum", ["my-bus", "sum", "sum_fast"]],
    ["kernel/crypto/sum.ko", ["sum"]],
    [`/lib/modules/${VERSION}/kernel/crypto/sum.ko`, ["sum"]],
    [`${MODULES}/kernel/crypto/sum.ko`, ["sum"]],
    ["kernel/crypto", ["my-bus", "sum", "sum_fast"]],
    ["kernel/crypto/**", ["my-bus", "sum", "sum_fast"]],
    ["la*", ["late"]],
    ["{late,sum}", ["late", "sum"]],
    ["pci:v00001AF4d00001000sv*", ["disk", "late", "my-bus", "sum", "sum_fast"]],
    ["pci:*", ["disk", "late", "my-bus", "sum", "sum_fast"]],
    ["fs-plain", []],
    ["plain-fs", []],
  ];
  for (const [word, modules] of rows)
    assert.deepEqual(modulesIn(await kernelOf(kernelSpec([word]))), modules, word);
});

test("depmod's files are believed where they fit the tree, and not where they are stale", async () => {
  const written = {
    [`${MODULES}/modules.dep`]: Object.keys(KERNEL_TREE)
      .filter((path) => path.endsWith(".ko"))
      .map((path) => path.slice(MODULES.length + 1))
      .map((path) => `${path}:${path.endsWith("late.ko") ? " kernel/crypto/sum.ko" : ""}\n`)
      .join(""),
    [`${MODULES}/modules.alias`]: "alias from-file late\n",
  };
  const kernel = await kernelOf(kernelSpec(["from-file"]), { ...KERNEL_TREE, ...written });
  assert.deepEqual(modulesIn(kernel), ["late", "sum"]);
  const newer = { ...KERNEL_TREE, ...written, [`${MODULES}/updates/new.ko`]: writeModule() };
  await refused(kernelOf(kernelSpec(["from-file"]), newer), ["kernel/module-not-found"]);
});

test("where all modules are read it is told how many there are", async () => {
  const told: ProgressEvent[] = [];
  const ports = { memory: NO_MEMORY, tell: (event: ProgressEvent) => void told.push(event) };
  await readKernel(kernelSpec(["late"]), memoryTree("/", KERNEL_TREE), ports);
  assert.deepEqual(
    told,
    Array.from({ length: 6 }, (_, at) => ({ step: "modules", done: at + 1, total: 6 })),
  );
});

test("a module of updates/ stands for the one of the same name", async () => {
  const files = { ...KERNEL_TREE, [`${MODULES}/updates/late.ko`]: writeModule() };
  const { references } = await kernelOf(kernelSpec(["late"]), files);
  assert.equal(references[0]?.to, `${MODULES.slice(1)}/updates/late.ko`);
});

test("depmod.d says which of several modules with one name counts", async () => {
  const files = {
    ...KERNEL_TREE,
    [`${MODULES}/updates/late.ko`]: writeModule(),
    [`${MODULES}/extra/late.ko`]: writeModule(),
    [`${MODULES}/weak/deep/late.ko.gz`]: gzipSync(writeModule()),
  };
  const rows: [config: string, directory: string][] = [
    ["# nothing", "updates"],
    ["search extra updates built-in", "extra"],
    ["search built-in updates", "extra"], // what is not named is built-in too
    ["search none", "extra"], // all are equal: the first by name
    ["search updates\nsearch extra", "updates"],
    ["search updates\noverride late * weak/deep", "weak/deep"],
    ["override late ^6\\\\.1 extra\noverride late 5 weak/deep", "extra"],
    ["search updates\nexclude updates deep", "extra"],
  ];
  for (const [config, directory] of rows) {
    const tree = {
      ...files,
      "/etc/depmod.d/a.conf": `${config}\n`,
      "/lib/depmod.d/a.conf": "search kernel\n",
    };
    const { references } = await kernelOf(kernelSpec(["late"]), tree);
    assert.match(references[0]!.to, new RegExp(`/${VERSION}/${directory}/late.ko`), config);
  }
});

test("packed modules are read, and keep their packing in the image", async () => {
  const disk = KERNEL_TREE[`${MODULES}/kernel/drivers/disk.ko`] as Buffer;
  const bus = KERNEL_TREE[`${MODULES}/kernel/drivers/my-bus.ko`] as Buffer;
  const files = {
    [`${MODULES}/kernel/disk.ko.gz`]: gzipSync(disk),
    [`${MODULES}/kernel/my-bus.ko.zst`]: await compressZstd(bus, 3),
  };
  const kernel = await kernelOf(kernelSpec(["disk"]), files);
  assert.deepEqual(modulesIn(kernel), ["disk", "my-bus"]);
  assert.equal(
    text(kernel, "modules.dep"),
    "kernel/my-bus.ko.zst:\nkernel/disk.ko.gz: kernel/my-bus.ko.zst\n",
  );
});

test("modprobe.d adds soft dependencies and aliases, and its blacklist keeps modules from aliases alone", async () => {
  const files = {
    ...KERNEL_TREE,
    "/etc/modprobe.d/a.conf": "softdep late post: net\nalias nic late\nblacklist sum-fast\n",
  };
  assert.deepEqual(modulesIn(await kernelOf(kernelSpec(["nic"]), files)), ["late", "net"]);
  assert.deepEqual(modulesIn(await kernelOf(kernelSpec(["crypto-sum"]), files)), ["sum"]);
  assert.deepEqual(modulesIn(await kernelOf(kernelSpec(["sum_fast"]), files)), ["my-bus", "sum_fast"]);
});

test("the indexes know the image's modules and no others", async () => {
  const kernel = await kernelOf(kernelSpec(["my-bus", "late"]));
  assert.equal(text(kernel, "modules.dep"), "kernel/drivers/my-bus.ko:\nkernel/drivers/late.ko:\n");
  assert.equal(
    text(kernel, "modules.symbols"),
    "# Aliases for symbols, used by symbol_request().\nalias symbol:bus_add my_bus\n",
  );
  assert.ok(!kernel.indexes.some(({ path }) => path.endsWith("modules.weakdep")));
  assert.equal(
    text(await kernelOf(kernelSpec(["disk"])), "modules.weakdep"),
    "# Weak dependencies extracted from modules themselves.\nweakdep disk late\n",
  );
  const keys = (name: string) => decodeKmodIndex(bytes(kernel, name)).map(({ key }) => key);
  assert.deepEqual(keys("modules.dep.bin"), ["late", "my_bus"]);
  assert.deepEqual(keys("modules.builtin.bin"), ["plain_fs"]);
  assert.deepEqual(keys("modules.builtin.alias.bin"), ["fs_plain"]);
});

test("an item that could go is said: built in, needed by another, or named twice", async () => {
  const { warnings } = await kernelOf(
    kernelSpec(["plain-fs", "my-bus", "disk", "late", "late"], { firmware: firmware("none") }),
  );
  assert.deepEqual(warnings, [
    {
      code: "kernel/built-in",
      at: kernelSpec(["x"]).modules[0]!.at,
      module: "plain-fs",
      builtin: ["plain_fs"],
    },
    {
      code: "kernel/implied",
      at: { ...kernelSpec(["x"]).at, line: 3 },
      module: "my-bus",
      by: `${MODULES}/kernel/drivers/disk.ko`,
    },
    { code: "kernel/implied", at: { ...kernelSpec(["x"]).at, line: 6 }, module: "late", by: "late" },
  ]);
});

test("what cannot be is refused, each for what it is", async () => {
  const rows: [files: Parameters<typeof kernelOf>[1], words: string[], codes: string[]][] = [
    [{}, ["disk"], ["kernel/no-modules"]],
    [{ ...KERNEL_TREE, "/usr/lib/modules/6.2/kernel/x.ko": writeModule() }, ["disk"], ["kernel/version"]],
    [KERNEL_TREE, ["disc", "kernel/none/**", "x*", "a]"], Array(4).fill("kernel/module-not-found")],
    [{ [`${MODULES}/a.ko`]: "text" }, ["a"], ["kernel/bad-module"]],
    [{ [`${MODULES}/a.ko.zst`]: "text" }, ["a"], ["kernel/bad-module"]],
    [{ [`${MODULES}/a.ko.xz`]: "text" }, ["a"], ["kernel/bad-module"]],
    [{ [`${MODULES}/a.ko.gz`]: "text" }, ["a"], ["kernel/bad-module"]],
    [{ [`${MODULES}/a.ko`]: writeModule({ info: ["alias=\xe9"] }) }, ["a"], ["kernel/bad-index"]],
    [
      {
        [`${MODULES}/a.ko`]: writeModule({ exports: ["a"], needs: ["b"] }),
        [`${MODULES}/b.ko`]: writeModule({ exports: ["b"], needs: ["a"] }),
      },
      ["a"],
      ["kernel/dependency-cycle"],
    ],
  ];
  for (const [files, words, codes] of rows) await refused(kernelOf(kernelSpec(words), files), codes);
  const [problem] = await problemsOf(kernelOf(kernelSpec(["disc"])));
  assert.ok(problem?.code === "kernel/module-not-found" && problem.nearest === "disk");
  const named = await kernelOf(kernelSpec(["disk"], { version: VERSION }), {
    ...KERNEL_TREE,
    "/usr/lib/modules/6.2/x.ko": "",
  });
  assert.equal(named.version, VERSION);
});

function bytes({ indexes }: KernelContents, name: string): Uint8Array {
  return indexes.find(({ path }) => path.endsWith(`/${name}`))!.bytes;
}

function text(kernel: KernelContents, name: string): string {
  return Buffer.from(bytes(kernel, name)).toString("latin1");
}

async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  return [];
}

async function refused(work: Promise<unknown>, codes: readonly string[]): Promise<void> {
  assert.deepEqual(
    (await problemsOf(work)).map(({ code }) => code),
    codes,
  );
}
