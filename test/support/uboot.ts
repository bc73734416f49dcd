/** Boots an arm64 kernel and a uInitrd with a real U-Boot: the lab's, both files on a FAT disk. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Boot, converse } from "./boot.ts";
import { labTree } from "./tools.ts";

// Apart from each other, from U-Boot and from where the kernel unpacks: a kernel of 30 MB, then the ramdisk.
const KERNEL_ADDRESS = "0x40400000";
const RAMDISK_ADDRESS = "0x44000000";

/** @returns all that the console showed; U-Boot has verified the checksums. @throws Error as `boot` does. */
export async function bootWithUboot(wanted: Omit<Boot, "machine">): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "initgraph-uboot-"));
  try {
    const disk = makeDisk(directory, wanted.image);
    const drive = ["-drive", `file=${disk},format=raw,if=none,id=disk`];
    return await converse(
      "arm64",
      {
        memoryMiB: 1024,
        ...wanted,
        turns: [
          { expect: /Hit any key/, send: "" },
          // A marker must not stand in these arguments: U-Boot echoes what is typed.
          {
            expect: /=> /,
            send: `setenv bootargs console=ttyAMA0 panic=-1 quiet ${wanted.kernelArguments ?? ""}`,
          },
          { expect: /=> /, send: "virtio scan" },
          { expect: /=> /, send: `load virtio 0 ${KERNEL_ADDRESS} image` },
          { expect: /=> /, send: `load virtio 0 ${RAMDISK_ADDRESS} initrd` },
          { expect: /=> /, send: `booti ${KERNEL_ADDRESS} ${RAMDISK_ADDRESS} \${fdtcontroladdr}` },
          { expect: /Verifying Checksum \.\.\. OK/ },
          ...(wanted.turns ?? []),
        ],
      },
      ["-bios", labTree("kernels/arm64/u-boot.bin"), ...drive, "-device", "virtio-blk-device,drive=disk"],
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
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
