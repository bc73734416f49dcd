/** Boots an arm64 kernel and an image with a real U-Boot: the lab's, all files on a FAT disk. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
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

/** Boots layers by the lines that were written for U-Boot, word for word. @throws Error as `boot` does. */
export async function bootLayersWithUboot({
  layers,
  lines,
  ...wanted
}: Omit<Boot, "machine" | "image"> & {
  readonly layers: readonly string[];
  readonly lines: readonly string[];
}): Promise<string> {
  const settings = {
    devtype: "virtio",
    devnum: "0",
    distro_bootpart: "0",
    kernel_addr_r: KERNEL_ADDRESS,
    ramdisk_addr_r: RAMDISK_ADDRESS,
  };
  const loads = [
    ...Object.entries(settings).map(([name, value]) => typed(`setenv ${name} ${value}`)),
    typed("setenv fdt_addr_r $fdtcontroladdr"),
    typed(`load virtio 0 ${KERNEL_ADDRESS} image`),
    ...lines.map(typed),
  ];
  return bootFromDisk({ ...wanted, image: layers[0]! }, layers, loads);
}

export interface UbootBoot extends Omit<Boot, "machine"> {
  readonly way: keyof typeof WAYS;
}

/** @returns all that the console showed; U-Boot has verified the checksums. @throws Error as `boot` does. */
export async function bootWithUboot(wanted: UbootBoot): Promise<string> {
  const { boot, says } = WAYS[wanted.way];
  const isAlone = wanted.way === "FIT";
  const loads = isAlone
    ? [typed(`load virtio 0 ${FIT_ADDRESS} initrd`)]
    : [typed(`load virtio 0 ${KERNEL_ADDRESS} image`), typed(`load virtio 0 ${RAMDISK_ADDRESS} initrd`)];
  const turns = [...loads, typed(boot), ...says.map((expect) => ({ expect }))];
  return bootFromDisk(wanted, [wanted.image], turns);
}

/** One image alone is "initrd" there; several have their own names. */
async function bootFromDisk(
  wanted: Omit<Boot, "machine">,
  images: readonly string[],
  turns: readonly Turn[],
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "initgraph-uboot-"));
  try {
    const disk = makeDisk(directory, images);
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
          ...turns,
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

function makeDisk(directory: string, images: readonly string[]): string {
  const kernel = labTree("kernels/arm64/vmlinuz");
  const disk = join(directory, "disk");
  const megabyte = 1024 * 1024;
  const room = [kernel, ...images].reduce((sum, file) => sum + statSync(file).size, 8 * megabyte);
  writeFileSync(disk, "");
  truncateSync(disk, Math.ceil(room / megabyte) * megabyte);
  execFileSync("mformat", ["-i", disk, "-F", "::"]);
  for (const image of images) {
    const name = images.length === 1 ? "initrd" : basename(image);
    execFileSync("mcopy", ["-i", disk, image, `::${name}`]);
  }
  execFileSync("mcopy", ["-i", disk, kernel, "::image"]);
  return disk;
}
