/** An image's modules, proved or not: one fault planted in each, in an image that is good without it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KernelAbilities } from "../../../src/check/kernel/kernel-abilities.ts";
import { sourceOf } from "../../../src/formats/byte-source.ts";
import { writeElf } from "../../support/elf-writer.ts";
import { kernelOf, kernelSpec, MODULES, VERSION } from "../../support/kernel-tree.ts";
import { loadableTree } from "../../support/loadable-tree.ts";
import type { MemoryFile } from "../../support/memory-tree.ts";
import { type ModuleWish, writeModule } from "../../support/module-writer.ts";
import { findingsOf, GOOD, told } from "./good-image.ts";

const VERMAGIC = `${VERSION} SMP mod_unload modversions `;

function module({ info = [], ...wish }: ModuleWish, vermagic = VERMAGIC): Buffer {
  return writeModule({ ...wish, info: [`vermagic=${vermagic}`, ...info] });
}

const DISK = `${MODULES}/kernel/drivers/disk.ko`;
const BUS = `${MODULES}/kernel/drivers/bus.ko`;
const FILES: Readonly<Record<string, Buffer>> = {
  [DISK]: module({ needs: ["printk", "bus_add"], info: ["alias=pci:v00001AF4d*", "alias=fs-disk"] }),
  [BUS]: module({ needs: ["printk"], exports: ["bus_add"] }),
};

/** With the indexes that depmod would write of them. */
async function imageWith(
  modules: Readonly<Record<string, Buffer>> = FILES,
): Promise<Record<string, MemoryFile>> {
  const { indexes } = await kernelOf(kernelSpec(["disk"]), { "/lib": { symlink: "usr/lib" }, ...modules });
  const written = indexes.map(({ path, bytes }) => [`/${path}`, bytes] as const);
  const good = Object.entries(GOOD).map(
    ([path, file]) => [path.replace(/^\/lib\//, "/usr/lib/"), file] as const,
  );
  return {
    ...Object.fromEntries(good),
    "/lib": { symlink: "usr/lib" },
    "/sbin/modprobe": { symlink: "/bin/kmod" },
    "/bin/kmod": { mode: 0o755, bytes: writeElf({ isDynamic: false, type: 2 }) },
    ...modules,
    ...Object.fromEntries(written),
  };
}

const KERNEL: KernelAbilities = {
  form: "a bzImage",
  machine: { machine: 62, bits: 64, endian: "little" },
  version: VERSION,
  vermagic: VERMAGIC,
  configuration: "/boot/config",
  options: new Map(
    ["BLK_DEV_INITRD", "RD_ZSTD", "BINFMT_ELF", "BINFMT_SCRIPT", "MODULES", "DEVTMPFS"].map((name) => [
      name,
      "y",
    ]),
  ),
  memorySize: null,
  image: sourceOf(Buffer.from("\0printk\0other\0", "latin1")),
};

test("nothing is said of good modules, with their kernel or without, and whoever loads them", async () => {
  assert.deepEqual(await told(await imageWith()), []);
  assert.deepEqual(await told({ ...(await imageWith()), ...BUSYBOX }), []);
  assert.deepEqual(await told(await imageWith(), { kernel: KERNEL }), []);
});

const DEP = `/usr/lib/modules/${VERSION}/modules.dep`;
const ALIAS = `/usr/lib/modules/${VERSION}/modules.alias`;
const EXTRA = `${MODULES}/extra/late.ko`;
const BUSYBOX = { "/sbin/modprobe": { symlink: "/bin/busybox" }, "/bin/busybox": GOOD["/bin/sh"]! } as const;

const FAULTS: readonly (readonly [
  what: string,
  files: Readonly<Record<string, MemoryFile | null>>,
  ...codes: string[],
])[] = [
  ["no index", { [`${DEP}.bin`]: null }, "check/no-module-index"],
  ["an index that is none", { [`${DEP}.bin`]: "index" }, "check/no-module-index"],
  ["no index for busybox", { ...BUSYBOX, [DEP]: null }, "check/no-module-index"],
  ["a module that the index does not name", { [EXTRA]: module({}) }, "check/module-unlisted"],
  ["the same for busybox", { ...BUSYBOX, [EXTRA]: module({}) }, "check/module-unlisted"],
  ["a needed module that is not there", { [BUS]: null }, "check/module-needs-absent"],
  [
    "an index without dependencies",
    { ...BUSYBOX, [DEP]: "kernel/drivers/disk.ko:\nkernel/drivers/bus.ko:\n" },
    "check/index-incomplete",
  ],
  ["no index of aliases", { [`${ALIAS}.bin`]: null }, "check/index-incomplete"],
  ["an index of other aliases", { ...BUSYBOX, [ALIAS]: "alias pci:v1* disk\n" }, "check/index-incomplete"],
  [
    "a module of another version",
    { [BUS]: module({ exports: ["bus_add"] }, "6.0.0 SMP mod_unload modversions ") },
    "check/module-version",
  ],
  [
    "a module of another machine",
    { [BUS]: module({ exports: ["bus_add"], machine: 183 }) },
    "check/module-foreign",
  ],
  ["a module cut short", { [BUS]: FILES[BUS]!.subarray(0, 100) }, "check/module-broken"],
];

for (const [what, files, ...codes] of FAULTS) {
  test(`finds ${what}`, async () => {
    assert.deepEqual(await told({ ...(await imageWith()), ...files }), codes);
  });
}

test("with a kernel: modules of another, built in another way, or with symbols that nobody has", async () => {
  const image = await imageWith();
  const other = { ...KERNEL, version: "6.1.0-other" };
  assert.deepEqual(await told(image, { kernel: other }), ["check/no-modules-for-kernel"]);
  const way = { ...KERNEL, vermagic: `${VERSION} SMP preempt mod_unload modversions ` };
  assert.deepEqual(await told(image, { kernel: way }), ["check/module-refused"]);
  const without = { ...KERNEL, image: sourceOf(Buffer.from("\0printed\0other\0", "latin1")) };
  const findings = await findingsOf(loadableTree(image), { kernel: without });
  const found = findings.find(({ code }) => code === "check/module-symbol");
  assert.ok(found?.code === "check/module-symbol");
  assert.deepEqual([found.symbol, found.count], ["printk", 2]);
});

test("a symbol that a kernel's text only ends with is taken for its", async () => {
  const image = sourceOf(Buffer.from("\0vprintk\0", "latin1"));
  assert.deepEqual(await told(await imageWith(), { kernel: { ...KERNEL, image } }), []);
});

test("firmware that is absent is unproven, and packed as the kernel cannot unpack it a warning", async () => {
  const net = module({ info: ["firmware=net.bin"], needs: ["printk"], exports: ["bus_add"] });
  const image = await imageWith({ ...FILES, [BUS]: net });
  const packed = { ...image, "/usr/lib/firmware/net.bin.zst": "x" };
  assert.deepEqual(await told(image), ["check/firmware-absent"]);
  assert.deepEqual(await told(packed), []);
  assert.deepEqual(await told(packed, { kernel: KERNEL }), ["check/firmware-packed"]);
  const options = new Map([...KERNEL.options, ["FW_LOADER_COMPRESS_ZSTD", "y"]]);
  assert.deepEqual(await told(packed, { kernel: { ...KERNEL, options } }), []);
});
