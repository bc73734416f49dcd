/** A Linux kernel as UEFI starts it: a PE file, by its EFI stub. Sources: linux Documentation/admin-guide/efi-stub.rst, systemd-stub(7). */
import type { ByteSource } from "./byte-source.ts";
import { FormatError } from "./format-error.ts";
import { linuxVersionOf } from "./linux-version.ts";
import { memberKindOf } from "./member.ts";
import {
  decodePe,
  EFI_APPLICATION,
  isPe,
  NX_COMPATIBLE,
  PE_FIELD,
  type Pe,
  sectionSizeInFile,
} from "./pe.ts";
import { sbatLines } from "./sbat.ts";
import type { KernelFacts } from "./uki.ts";

export interface UkiKernel extends KernelFacts {
  readonly pe: Pe;
  /** Null: it does not say. */
  readonly version: string | null;
}

export type KernelErrorCode = "compressed" | "no-efi-stub" | "no-kernel";
export const KernelError = FormatError<KernelErrorCode>;

/** It is a few lines. Bytes. */
const LARGEST_SBAT = 64 * 1024;

/** Throws FormatError: what decodePe throws, and the codes above. */
export function decodeUkiKernel(source: ByteSource): UkiKernel {
  refuseOthers(Uint8Array.from(source.read(0, 4)));
  const pe = decodePe(source);
  const { subsystem, headerAt, dllCharacteristics, sections } = pe;
  if (subsystem !== EFI_APPLICATION) {
    throw new KernelError("no-kernel", headerAt + PE_FIELD.subsystem, "a program, and not for UEFI");
  }
  if (sections.some(({ name }) => name === ".linux")) {
    throw new KernelError("no-kernel", pe.tableAt, "a unified kernel image already, and no kernel alone");
  }
  const sbat = sections.find(({ name }) => name === ".sbat");
  const size = sbat === undefined ? 0 : Math.min(sectionSizeInFile(sbat), LARGEST_SBAT);
  return {
    pe,
    isNxCompatible: (dllCharacteristics & NX_COMPATIBLE) !== 0,
    sbat: sbat === undefined ? [] : sbatLines(source.read(sbat.offset, size)),
    version: linuxVersionOf(source),
  };
}

/** Compressed ones may well have an EFI stub inside: only other boot loaders unpack them. */
function refuseOthers(head: Uint8Array): void {
  if (isPe(head)) return;
  const kind = memberKindOf(head);
  if (kind !== null) {
    throw new KernelError(
      "compressed",
      0,
      `it is compressed with ${kind}, and UEFI unpacks nothing: unpack it first`,
    );
  }
  throw new KernelError(
    "no-efi-stub",
    0,
    "no PE file: a kernel for UEFI is built with its EFI stub (CONFIG_EFI_STUB)",
  );
}
