/**
 * The machines that QEMU plays, one row each: a board with a serial console, and which firmware and U-Boot it takes. What is slow or
 * hangs under emulation is avoided here once. Sources: QEMU docs/system/target-*.rst, the packages of Debian; numbers by trying.
 */
import { type ArchName, archByName } from "../core/arch.ts";

export interface Emulated {
  readonly program: string;
  /** The package of Debian that has the program. */
  readonly debian: string;
  /** Words of the command line for the board, and its processor where it is emulated, or is the host's own. */
  readonly board: readonly string[];
  readonly processor: { readonly emulated: string; readonly own: string };
  /** Hosts whose KVM can run it, as Node calls their processors. */
  readonly hosts: readonly string[];
  /** Of the kernel's command line: the serial console, and what the emulated board needs. */
  readonly kernelArguments: readonly string[];
  /** Machines whose programs its kernels run. */
  readonly runs: readonly ArchName[];
  readonly uefi: UefiFirmware | null;
  readonly uboot: UbootBoard | null;
}

export interface UefiFirmware {
  readonly debian: string;
  /** What UEFI looks for on any disk, in EFI/BOOT. */
  readonly loader: string;
  /** Code and variables as distributions have them; the first pair that is there. */
  readonly files: readonly (readonly [code: string, variables: string])[];
}

export interface UbootBoard {
  readonly debian: string;
  readonly places: readonly string[];
  /** What starts a kernel that is loaded by itself. */
  readonly command: "booti" | "bootz";
  /** Where memory begins, and where a kernel, a ramdisk and a FIT image are put at the earliest. */
  readonly memory: number;
  readonly kernel: number;
  readonly ramdisk: number;
  readonly fit: number;
  /** Typed before anything else. */
  readonly settings: readonly string[];
}

// U-Boot's own device tree lies in the first MiB; it moves itself to the top.
const ARM_BOARD = { memory: 0x4000_0000, kernel: 0x4040_0000, ramdisk: 0x4400_0000, fit: 0x5000_0000 };
const X86 = {
  debian: "qemu-system-x86",
  board: ["-M", "q35"],
  processor: { emulated: "max", own: "max" },
  // On a busy machine the emulated timer fails the kernel's own test, which would panic.
  kernelArguments: ["console=ttyS0", "no_timer_check"],
  uboot: null,
} as const;

const ROWS = {
  x86_64: {
    ...X86,
    program: "qemu-system-x86_64",
    hosts: ["x64"],
    runs: ["x86_64", "i386", "x32"],
    uefi: {
      debian: "ovmf",
      loader: "BOOTX64.EFI",
      files: [
        ["/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"],
        ["/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"],
        ["/usr/share/edk2/ovmf/OVMF_CODE.fd", "/usr/share/edk2/ovmf/OVMF_VARS.fd"],
        ["/usr/share/edk2/x64/OVMF_CODE.4m.fd", "/usr/share/edk2/x64/OVMF_VARS.4m.fd"],
        ["/usr/share/qemu/ovmf-x86_64-code.bin", "/usr/share/qemu/ovmf-x86_64-vars.bin"],
        ["/usr/share/qemu/edk2-x86_64-code.fd", "/usr/share/qemu/edk2-i386-vars.fd"],
      ],
    },
  },
  i386: { ...X86, program: "qemu-system-i386", hosts: ["x64", "ia32"], runs: ["i386"], uefi: null },
  aarch64: {
    program: "qemu-system-aarch64",
    debian: "qemu-system-arm",
    board: ["-M", "virt"],
    // "max" has pointer authentication, which costs an emulator a second boot's time.
    processor: { emulated: "cortex-a57", own: "max" },
    hosts: ["arm64"],
    kernelArguments: ["console=ttyAMA0"],
    runs: ["aarch64", "armhf", "armel"],
    uefi: {
      debian: "qemu-efi-aarch64",
      loader: "BOOTAA64.EFI",
      files: [
        ["/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"],
        ["/usr/share/edk2/aarch64/QEMU_EFI-pflash.raw", "/usr/share/edk2/aarch64/vars-template-pflash.raw"],
        ["/usr/share/edk2/aarch64/QEMU_CODE.fd", "/usr/share/edk2/aarch64/QEMU_VARS.fd"],
        ["/usr/share/qemu/edk2-aarch64-code.fd", "/usr/share/qemu/edk2-arm-vars.fd"],
      ],
    },
    uboot: {
      ...ARM_BOARD,
      debian: "u-boot-qemu",
      places: ["/usr/lib/u-boot/qemu_arm64/u-boot.bin"],
      command: "booti",
      settings: [],
    },
  },
  armhf: {
    program: "qemu-system-arm",
    debian: "qemu-system-arm",
    board: ["-M", "virt"],
    processor: { emulated: "cortex-a15", own: "cortex-a15" },
    hosts: [],
    kernelArguments: ["console=ttyAMA0"],
    runs: ["armhf", "armel"],
    uefi: {
      debian: "qemu-efi-arm",
      loader: "BOOTARM.EFI",
      files: [["/usr/share/AAVMF/AAVMF32_CODE.fd", "/usr/share/AAVMF/AAVMF32_VARS.fd"]],
    },
    uboot: {
      ...ARM_BOARD,
      debian: "u-boot-qemu",
      places: ["/usr/lib/u-boot/qemu_arm/u-boot.bin"],
      command: "bootz",
      // Ramdisk and device tree must lie in what the kernel maps: less than all of a GiB.
      settings: ["setenv bootm_size 0x20000000"],
    },
  },
  riscv64: {
    program: "qemu-system-riscv64",
    debian: "qemu-system-misc",
    board: ["-M", "virt"],
    processor: { emulated: "rv64", own: "rv64" },
    hosts: [],
    kernelArguments: ["console=ttyS0"],
    runs: ["riscv64", "riscv64-sp", "riscv64-sf"],
    uefi: {
      debian: "qemu-efi-riscv64",
      loader: "BOOTRISCV64.EFI",
      files: [
        ["/usr/share/qemu-efi-riscv64/RISCV_VIRT_CODE.fd", "/usr/share/qemu-efi-riscv64/RISCV_VIRT_VARS.fd"],
      ],
    },
    uboot: null,
  },
  ppc64le: {
    program: "qemu-system-ppc64",
    debian: "qemu-system-ppc",
    board: ["-M", "pseries"],
    processor: { emulated: "power9", own: "power9" },
    hosts: [],
    kernelArguments: ["console=hvc0"],
    runs: ["ppc64le"],
    uefi: null,
    uboot: null,
  },
  s390x: {
    program: "qemu-system-s390x",
    debian: "qemu-system-misc",
    board: ["-M", "s390-ccw-virtio"],
    processor: { emulated: "qemu", own: "qemu" },
    hosts: [],
    kernelArguments: ["console=ttysclp0"],
    runs: ["s390x", "s390"],
    uefi: null,
    uboot: null,
  },
} as const satisfies Readonly<Partial<Record<ArchName, Emulated>>>;

export type EmulatedName = keyof typeof ROWS;

export const EMULATED: Readonly<Record<EmulatedName, Emulated>> = ROWS;
export const EMULATED_NAMES = Object.keys(ROWS) as readonly EmulatedName[];

/** The board for a machine, by any name that people use for it; null: none is known here. */
export function emulatedFor(name: string): EmulatedName | null {
  const arch = archByName(name);
  if (arch === null) return null;
  const able = EMULATED_NAMES.filter((one) => EMULATED[one].runs.includes(arch.name));
  // The board of its own kind before a larger one that could as well.
  return able.find((one) => archByName(one)?.machine === arch.machine) ?? able[0] ?? null;
}
