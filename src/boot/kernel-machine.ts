/** For which machine a Linux kernel is. Source for s390's: linux arch/s390/boot/head.S; for the others see formats/kernel-image.ts. */
import { ARCHES, type ArchName } from "../core/arch.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { findKernel, type KernelMachine } from "../formats/kernel-image.ts";
import { decodePe, elfMachineOf, isPe } from "../formats/pe.ts";

const S390_MAGIC_AT = 0x1_0008;
const S390_MAGIC = "S390EP";

/** Null: it does not say, as one that is compressed as a whole, or is none. */
export function kernelMachineOf(source: ByteSource): ArchName | null {
  const magic = Buffer.from(source.read(S390_MAGIC_AT, S390_MAGIC.length)).toString("latin1");
  if (magic === S390_MAGIC) return "s390x";
  return nullWhereDamaged(() => machineInside(source)) ?? nullWhereDamaged(() => peMachineOf(source));
}

function machineInside(source: ByteSource): ArchName | null {
  const kernel = findKernel(source);
  return kernel.kind === "wrapped" || kernel.machine === null ? null : nameOf(kernel.machine);
}

/** One that unpacks itself under UEFI, or a unified kernel image. */
function peMachineOf(source: ByteSource): ArchName | null {
  if (!isPe(source.read(0, 2))) return null;
  const machine = elfMachineOf(decodePe(source));
  return machine && nameOf({ ...machine, endian: "little" });
}

function nameOf({ machine, bits, endian }: KernelMachine): ArchName | null {
  const isIt = (one: KernelMachine) => one.machine === machine && one.bits === bits && one.endian === endian;
  return ARCHES.find(isIt)?.name ?? null;
}

/** QEMU will judge for itself. */
function nullWhereDamaged<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}
