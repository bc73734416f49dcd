/** A tree with a kernel's modules, and a recipe's word for them, for tests of src/kernel. */
import { NO_MEMORY } from "../../src/core/no-memory.ts";
import type { TargetPath } from "../../src/core/path.ts";
import type { KernelContents, KernelReference } from "../../src/kernel/kernel.ts";
import { readKernel } from "../../src/kernel/read-kernel.ts";
import type { FirmwareSpec, KernelSpec } from "../../src/spec/spec.ts";
import { type MemoryFile, memoryTree } from "./memory-tree.ts";
import { writeModule } from "./module-writer.ts";
import { spanAt } from "./specs.ts";

export const VERSION = "6.1.0-test";
export const MODULES = `/usr/lib/modules/${VERSION}`;

/** disk needs bus, wants sum before it (an alias) and may use late; net has firmware. No depmod ever ran. */
export const KERNEL_TREE: Readonly<Record<string, MemoryFile>> = {
  "/lib": { symlink: "usr/lib" },
  [`${MODULES}/kernel/drivers/disk.ko`]: writeModule({
    info: ["alias=pci:v00001AF4d*", "alias=disk-old", "softdep=pre: crypto-sum", "weakdep=late"],
    needs: ["printk", "bus_add"],
  }),
  [`${MODULES}/kernel/drivers/my-bus.ko`]: writeModule({ exports: ["bus_add"], needs: ["printk"] }),
  [`${MODULES}/kernel/crypto/sum.ko`]: writeModule({ info: ["alias=crypto-sum"] }),
  [`${MODULES}/kernel/crypto/sum_fast.ko`]: writeModule({
    info: ["alias=crypto-sum", "softdep=odd pre: my-bus"],
  }),
  [`${MODULES}/kernel/drivers/late.ko`]: writeModule(),
  [`${MODULES}/kernel/drivers/net.ko`]: writeModule({
    info: ["firmware=net/a.bin", "firmware=net/b*.bin", "firmware=none.bin"],
  }),
  [`${MODULES}/modules.builtin`]: "kernel/fs/plain-fs.ko\n",
  [`${MODULES}/modules.builtin.modinfo`]: "plain_fs.alias=fs-plain\0plain_fs.firmware=fs.bin\0",
  [`${MODULES}/modules.order`]: "kernel/drivers/disk.ko\nkernel/drivers/my-bus.ko\n",
};

export function kernelSpec(modules: readonly string[], more: Partial<KernelSpec> = {}): KernelSpec {
  return {
    at: spanAt(1),
    version: null,
    versions: null,
    modules: modules.map((word, index) => ({ word, at: spanAt(index + 2) })),
    firmware: firmware("present"),
    modprobe: true,
    ...more,
  };
}

export function firmware(
  policy: FirmwareSpec["policy"],
  globs: readonly string[] | null = null,
): FirmwareSpec {
  return { at: spanAt(9), policy, globs: globs?.map((glob) => ({ glob, at: spanAt(9) })) ?? null };
}

export function kernelOf(
  spec: KernelSpec,
  files: Readonly<Record<string, MemoryFile>> = KERNEL_TREE,
): Promise<KernelContents> {
  return readKernel(spec, memoryTree("/", files), { memory: NO_MEMORY, tell: () => {} });
}

/** Names of the modules, in byte order. */
export function modulesIn({ references }: KernelContents): string[] {
  const files = references.map(({ to }) => to).filter((path) => path.includes(".ko"));
  return [...new Set(files.map(nameOfModule))].sort();
}

/** "disk -> my-bus module-depends", for files alone. */
export function arrows({ references }: KernelContents): string[] {
  return references.flatMap(({ from, to, reason }: KernelReference) =>
    from.kind === "file" ? [`${nameOfModule(from.path)} -> ${nameOfModule(to)} ${reason}`] : [],
  );
}

function nameOfModule(path: TargetPath): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.ko.*$/, "");
}
