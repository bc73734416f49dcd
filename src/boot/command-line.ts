/** QEMU's command line for a boot. Paths are the machine's own; what is a kernel's is said in words of its own. */
import type { Emulated } from "./machines.ts";

export interface EmulatorOrder {
  readonly emulated: Emulated;
  readonly accelerator: Accelerator;
  readonly memoryMiB: number;
  readonly start: Start;
}

export type Accelerator = "kvm" | "tcg";

/** How the image comes to run. Paths as Node takes them. */
export type Start =
  | {
      readonly by: "kernel";
      readonly kernel: string;
      readonly initrd: string;
      readonly arguments: string;
    }
  | {
      readonly by: "uefi";
      readonly code: string;
      readonly variables: string;
      /** A directory that the guest sees as a disk. */
      readonly disk: string;
      /** For systemd-stub, behind the image's own command line. */
      readonly arguments: string;
    }
  | { readonly by: "u-boot"; readonly uboot: string; readonly loaded: readonly Loaded[] };

export interface Loaded {
  readonly file: string;
  readonly address: number;
}

/** The serial console is standard input and output; nothing else is there, and a guest that reboots ends it. */
export function emulatorArguments({ emulated, accelerator, memoryMiB, start }: EmulatorOrder): string[] {
  const { board, processor } = emulated;
  return [
    ...["-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio", "-no-reboot"],
    ...["-accel", accelerator, ...board, "-cpu", accelerator === "kvm" ? processor.own : processor.emulated],
    ...["-m", String(memoryMiB)],
    ...startArguments(start),
  ];
}

function startArguments(start: Start): string[] {
  switch (start.by) {
    case "kernel":
      return ["-kernel", start.kernel, "-initrd", start.initrd, "-append", start.arguments];
    case "uefi":
      return [
        ...["-drive", `if=pflash,format=raw,unit=0,readonly=on,file=${quoted(start.code)}`],
        ...["-drive", `if=pflash,format=raw,unit=1,snapshot=on,file=${quoted(start.variables)}`],
        ...["-drive", `if=virtio,format=raw,readonly=on,file=${quoted(`fat:${start.disk}`)}`],
        ...["-smbios", `type=11,value=${quoted(`${STUB_ARGUMENTS}=${start.arguments}`)}`],
      ];
    case "u-boot":
      return [
        ...["-bios", start.uboot],
        ...start.loaded.flatMap(({ file, address }) => [
          "-device",
          `loader,file=${quoted(file)},addr=0x${address.toString(16)},force-raw=on`,
        ]),
      ];
  }
}

/** systemd-stub(7), from version 254 on: what it takes from a virtual machine's firmware. */
const STUB_ARGUMENTS = "io.systemd.stub.kernel-cmdline-extra";

/** A comma would end the value. */
function quoted(value: string): string {
  return value.replaceAll(",", ",,");
}

export interface MemoryNeed {
  /** Bytes of the image as it lies in memory, and of all its files. */
  readonly packed: number;
  readonly unpacked: number;
  /** Bytes that are taken besides. */
  readonly besides: number;
}

const MIB = 2 ** 20;
const LEAST_MIB = 1024;
const FOR_KERNEL_MIB = 256;

/** The image is unpacked while it lies there, and its files stay in memory; they get up to a half of it. */
export function memoryFor({ packed, unpacked, besides }: MemoryNeed): number {
  const needed = (packed + 2 * unpacked + besides) / MIB + FOR_KERNEL_MIB;
  return Math.max(LEAST_MIB, Math.ceil(needed / LEAST_MIB) * LEAST_MIB);
}
