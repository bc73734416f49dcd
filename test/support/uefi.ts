/** Boots a unified kernel image with a real UEFI, from the place where UEFI looks on any disk. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Boot, converse } from "./boot.ts";
import { type Requirement, requireAll, requireFile, requireTool } from "./tools.ts";

const FIRMWARE = {
  x86: {
    program: "qemu-system-x86_64",
    package: "ovmf",
    code: "/usr/share/OVMF/OVMF_CODE_4M.fd",
    variables: "/usr/share/OVMF/OVMF_VARS_4M.fd",
    loader: "BOOTX64.EFI",
  },
  arm64: {
    program: "qemu-system-aarch64",
    package: "qemu-efi-aarch64",
    code: "/usr/share/AAVMF/AAVMF_CODE.fd",
    variables: "/usr/share/AAVMF/AAVMF_VARS.fd",
    loader: "BOOTAA64.EFI",
  },
} as const;

const MEGABYTE = 2 ** 20;

export function requireUefi(machine: keyof typeof FIRMWARE): Requirement {
  const { program, code, variables, package: debian } = FIRMWARE[machine];
  return requireAll(
    requireTool(program, "mformat", "mmd", "mcopy"),
    requireFile(code, debian),
    requireFile(variables, debian),
  );
}

/** @returns all that the console showed. @throws Error as `boot` does. */
export async function bootWithUefi(
  wanted: Omit<Boot, "kernel" | "kernelArguments" | "disk">,
): Promise<string> {
  const { code, variables, loader } = FIRMWARE[wanted.machine];
  const directory = mkdtempSync(join(tmpdir(), "initgraph-uefi-"));
  try {
    const disk = join(directory, "disk");
    writeFileSync(disk, "");
    truncateSync(disk, Math.ceil(statSync(wanted.image).size / MEGABYTE + 40) * MEGABYTE);
    execFileSync("mformat", ["-i", disk, "-F", "::"]);
    execFileSync("mmd", ["-i", disk, "::EFI", "::EFI/BOOT"]);
    execFileSync("mcopy", ["-i", disk, wanted.image, `::EFI/BOOT/${loader}`]);
    return await converse(wanted.machine, { memoryMiB: 1024, ...wanted }, [
      ...["-drive", `if=pflash,format=raw,unit=0,readonly=on,file=${code}`],
      ...["-drive", `if=pflash,format=raw,unit=1,snapshot=on,file=${variables}`],
      ...["-drive", `file=${disk},format=raw,if=virtio,snapshot=on`],
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
