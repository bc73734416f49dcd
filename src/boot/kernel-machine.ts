/**
 * For which machine a Linux kernel is, by its first bytes. Sources: linux Documentation/arch/x86/boot.rst, arm64/booting.rst,
 * riscv/boot-image-header.rst, arch/arm/boot/compressed/head.S, arch/s390/boot/head.S.
 */
import { ARCHES, type ArchName, archOf } from "../core/arch.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { viewOf } from "../formats/bytes.ts";
import { readElfMachine } from "../formats/elf.ts";
import { FormatError } from "../formats/format-error.ts";
import { decodePe, elfMachineOf, isPe } from "../formats/pe.ts";

/** Text that stands at a place of the kernel's header. */
const MAGICS: readonly (readonly [at: number, text: string, arch: ArchName])[] = [
  [0x38, "ARMd", "aarch64"],
  [0x38, "RSC\x05", "riscv64"],
  [0x24, "\x18\x28\x6f\x01", "armhf"],
  [0x1_0008, "S390EP", "s390x"],
];
const X86_MAGIC_AT = 0x202;
/** From this version of the boot protocol on a kernel says whether it has a 64-bit entry. */
const X86_SAYS_BITS = 0x20c;
const HEAD = 0x240;
const ELF_HEAD = 64;

/** Null: it does not say, as one that is compressed as a whole. */
export function kernelMachineOf(source: ByteSource): ArchName | null {
  const head = Uint8Array.from(source.read(0, HEAD));
  if (textAt(source, X86_MAGIC_AT, 4) === "HdrS" && head.length === HEAD) return x86MachineOf(viewOf(head));
  const magic = MAGICS.find(([at, text]) => textAt(source, at, text.length) === text);
  if (magic !== undefined) return magic[2];
  const elf = readElfMachine(head.subarray(0, ELF_HEAD));
  if (elf !== null) return archOf(elf)?.name ?? null;
  return isPe(head) ? peMachineOf(source) : null;
}

function x86MachineOf(head: DataView): ArchName {
  const saysBits = head.getUint16(0x206, true) >= X86_SAYS_BITS;
  return saysBits && (head.getUint16(0x236, true) & 1) === 1 ? "x86_64" : "i386";
}

/** One that unpacks itself under UEFI, or a unified kernel image. */
function peMachineOf(source: ByteSource): ArchName | null {
  try {
    const machine = elfMachineOf(decodePe(source));
    const arch = ARCHES.find((one) => one.machine === machine?.machine && one.bits === machine.bits);
    return arch?.name ?? null;
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

function textAt(source: ByteSource, at: number, length: number): string {
  return Buffer.from(source.read(at, length)).toString("latin1");
}
