/** Boots an arm64 kernel and an image with a real U-Boot: the lab's, all files on a FAT disk. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Boot, converse, type Turn } from "./boot.ts";
import { labTree } from "./tools.ts";

// Apart from each other, from U-Boot and from where the kernel unpacks: a kernel of 30 MB, then the ramdisk.
export const KERNEL_ADDRESS = "0x40400000";
const RAMDISK_ADDRESS = "0x44000000";
/** Of a FIT image with a kernel of its own, which is copied to the kernel's address. */
export const FIT_ADDRESS = "0x50000000";
const MEMORY_MIB = 1024;

const SHA256 = /Verifying Hash Integrity \.\.\. sha256\+ OK/;

/** What is typed once the image is in memory, and what U-Boot must say of the image then. */
const WAYS = {
  uInitrd: {
    boot: `booti ${KERNEL_ADDRESS} ${RAMDISK_ADDRESS} \${fdtcontroladdr}`,
    says: [/Verifying Checksum \.\.\. OK/],
  },
  /** By the name of its node: without a device tree U-Boot finds no configuration that fits the board. */
  "FIT of a ramdisk": {
    boot: `booti ${KERNEL_ADDRESS} ${RAMDISK_ADDRESS}:ramdisk-1 \${fdtcontroladdr}`,
    says: [SHA256],
  },
  /** With kernel and device tree. */
  FIT: { boot: `bootm ${FIT_ADDRESS}`, says: [SHA256, SHA256, SHA256] },
} as const;

export interface UbootBoot extends Omit<Boot, "machine"> {
  readonly way: keyof typeof WAYS;
}

/** @returns all that the console showed; U-Boot has verified the checksums. @throws Error as `boot` does. */
export async function bootWithUboot(wanted: UbootBoot): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "initgraph-uboot-"));
  const { boot, says } = WAYS[wanted.way];
  const isAlone = wanted.way === "FIT";
  const loads = isAlone
    ? [typed(`load virtio 0 ${FIT_ADDRESS} initrd`)]
    : [typed(`load virtio 0 ${KERNEL_ADDRESS} image`), typed(`load virtio 0 ${RAMDISK_ADDRESS} initrd`)];
  try {
    const disk = makeDisk(directory, wanted.image);
    const drive = ["-drive", `file=${disk},format=raw,if=none,id=disk`];
    return await converse(
      "arm64",
      {
        memoryMiB: MEMORY_MIB,
        ...wanted,
        turns: [
          { expect: /Hit any key/, send: "" },
          // A marker must not stand in these arguments: U-Boot echoes what is typed.
          typed(`setenv bootargs console=ttyAMA0 panic=-1 quiet ${wanted.kernelArguments ?? ""}`),
          typed("virtio scan"),
          ...loads,
          typed(boot),
          ...says.map((expect) => ({ expect })),
          ...(wanted.turns ?? []),
        ],
      },
      ["-bios", labTree("kernels/arm64/u-boot.bin"), ...drive, "-device", "virtio-blk-device,drive=disk"],
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function typed(send: string): Turn {
  return { expect: /=> /, send };
}

/** The machine's device tree, as it is with firmware: without, QEMU puts other devices there. */
export function writeDeviceTree(path: string): void {
  const firmware = ["-bios", labTree("kernels/arm64/u-boot.bin")];
  const machine = ["-M", `virt,dumpdtb=${path}`, "-cpu", "cortex-a57", "-m", String(MEMORY_MIB)];
  execFileSync("qemu-system-aarch64", [...firmware, ...machine, "-display", "none", "-nodefaults"], {
    stdio: "ignore",
  });
}

function makeDisk(directory: string, image: string): string {
  const kernel = labTree("kernels/arm64/vmlinuz");
  const disk = join(directory, "disk");
  const megabyte = 1024 * 1024;
  const room = statSync(kernel).size + statSync(image).size + 8 * megabyte;
  writeFileSync(disk, "");
  truncateSync(disk, Math.ceil(room / megabyte) * megabyte);
  execFileSync("mformat", ["-i", disk, "-F", "::"]);
  execFileSync("mcopy", ["-i", disk, image, "::initrd"]);
  execFileSync("mcopy", ["-i", disk, kernel, "::image"]);
  return disk;
}
