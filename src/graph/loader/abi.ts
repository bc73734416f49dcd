/**
 * Whether a file that lies where a library is looked for is one that the loader takes, passes by, or gives
 * up at. Sources: glibc elf/dl-load.c (open_verify, _dl_map_object_from_fd), sysdeps/.../dl-machine.h
 * (elf_machine_matches_host), sysdeps/.../ldsodefs.h (VALID_ELF_OSABI).
 */
import { archOf, type ElfMachine, isSameMachine } from "../../core/arch.ts";
import type { ByteString } from "../../core/path.ts";
import type { FileFacts } from "../../core/ports.ts";
import { type ElfFile, ET_DYN, ET_EXEC } from "../../formats/elf.ts";
import type { FileKind } from "../scan-file.ts";

export type Verdict =
  | { readonly kind: "fits"; readonly elf: ElfFile }
  /** The search goes on: "is for i386". */
  | { readonly kind: "skipped"; readonly why: string }
  /** The loader ends the program here: "it is no ELF file". `isLibrary`: ldconfig sees nothing wrong with it. */
  | {
      readonly kind: "fatal";
      readonly why: string;
      readonly isLibrary: boolean;
      readonly soname: ByteString | null;
    };

const EM_MIPS = 8;
const EM_PPC64 = 21;
const EM_ARM = 40;
const EM_RISCV = 243;
const OSABI_SYSV = 0;
const OSABI_GNU = 3;
const OSABI_ARM = 97;

/** Bits of e_flags in which a library must agree with the program. */
const FLAG_MASKS: Readonly<Record<number, number>> = {
  [EM_MIPS]: 0x420, // EF_MIPS_ABI2, EF_MIPS_NAN2008
  [EM_RISCV]: 0x6, // EF_RISCV_FLOAT_ABI
};
const PPC64_ABI = 3;

/** `kind` is asked for regular files alone. */
export function judge(facts: FileFacts, kind: () => FileKind, program: ElfMachine): Verdict {
  if (facts.kind === "directory") return fatal("it is a directory");
  if (facts.kind !== "file") return fatal("it is no regular file");
  const content = kind();
  if (content.kind === "broken-elf") return fatal(content.why);
  if (content.kind !== "elf") return fatal(facts.size === 0 ? "it is empty" : "it is no ELF file");
  return judgeElf(content.elf, program);
}

function judgeElf(elf: ElfFile, program: ElfMachine): Verdict {
  const { machine } = elf;
  const purpose = `is for ${machineName(machine)}`;
  const foreign: Verdict = { kind: "skipped", why: purpose };
  // In the loader's own order: another class is passed by whatever else is wrong.
  if (machine.bits !== program.bits) return foreign;
  if (machine.endian !== program.endian) return fatal(`it ${purpose}, ${machine.endian}-endian`);
  const isForeign = !isSameMachine(machine.machine, program.machine) || !agreeInFlags(machine, program);
  if (!isOsabiKnown(elf)) {
    const isLibrary = !isForeign && elf.type === ET_DYN && elf.isDynamic;
    return { kind: "fatal", why: `its OS ABI is ${elf.osabi}`, isLibrary, soname: elf.soname };
  }
  if (isForeign) return foreign;
  if (elf.type === ET_EXEC) return fatal("it is a program, not a library");
  if (elf.type !== ET_DYN) return fatal("it is neither a program nor a library");
  return elf.isDynamic ? { kind: "fits", elf } : fatal("it has no dynamic section");
}

function isOsabiKnown({ osabi, machine }: ElfFile): boolean {
  return osabi === OSABI_SYSV || osabi === OSABI_GNU || (osabi === OSABI_ARM && machine.machine === EM_ARM);
}

function agreeInFlags(library: ElfMachine, program: ElfMachine): boolean {
  if (library.machine === EM_PPC64) {
    // Neither may say nothing; the byte order then tells which of the two ABIs a program has.
    const asked = program.flags & PPC64_ABI || (program.endian === "little" ? 2 : 1);
    const found = library.flags & PPC64_ABI;
    return found === 0 || found === asked;
  }
  return ((library.flags ^ program.flags) & (FLAG_MASKS[library.machine] ?? 0)) === 0;
}

/** `aarch64`, or what the header says where no name is known. */
export function machineName(elf: ElfMachine): string {
  return archOf(elf)?.name ?? `machine ${elf.machine} (${elf.bits} bits, ${elf.endian}-endian)`;
}

function fatal(why: string): Verdict {
  return { kind: "fatal", why, isLibrary: false, soname: null };
}
