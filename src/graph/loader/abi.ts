/**
 * Whether a file that lies where a library is looked for is one that the loader takes, passes by, or gives
 * up at. Sources: glibc elf/dl-load.c (open_verify, _dl_map_object_from_fd), sysdeps/.../dl-machine.h
 * (elf_machine_matches_host), sysdeps/.../ldsodefs.h (VALID_ELF_OSABI, VALID_FLOAT_ABI).
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
const OSABI_ARM_AEABI = 64;

const RISCV_FLOAT_ABI = 0x6;
const ARM_EABI5 = 5;
const ARM_HARD_FLOAT = 0x400;
const ARM_SOFT_FLOAT = 0x200;
const MIPS_NAN2008 = 0x400;
/** n32, where it is not o32: of no meaning in 64-bit files. */
const MIPS_ABI2 = 0x20;
const PPC64_ABI = 3;
/** EF_MIPS_FP64: an ABI of o32 that was given up; no loader takes it. */
const MIPS_FP64 = 0x200;

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
  return (
    osabi === OSABI_SYSV || osabi === OSABI_GNU || (osabi === OSABI_ARM_AEABI && machine.machine === EM_ARM)
  );
}

/** Whether a library of the same processor has an ABI that the program's loader takes. */
function agreeInFlags(library: ElfMachine, program: ElfMachine): boolean {
  const difference = library.flags ^ program.flags;
  switch (library.machine) {
    case EM_PPC64: {
      // Neither may say nothing; the byte order then tells which of the two ABIs a program has.
      const asked = program.flags & PPC64_ABI || (program.endian === "little" ? 2 : 1);
      const found = library.flags & PPC64_ABI;
      return found === 0 || found === asked;
    }
    case EM_MIPS: {
      const mask = library.bits === 32 ? MIPS_NAN2008 | MIPS_ABI2 : MIPS_NAN2008;
      return (library.flags & MIPS_FP64) === 0 && (difference & mask) === 0;
    }
    case EM_RISCV:
      return (difference & RISCV_FLOAT_ABI) === 0;
    case EM_ARM: {
      // What says nothing of its floats fits both.
      const other = program.flags & ARM_HARD_FLOAT ? ARM_SOFT_FLOAT : ARM_HARD_FLOAT;
      const isMarked = (program.flags & (ARM_HARD_FLOAT | ARM_SOFT_FLOAT)) !== 0;
      return !isMarked || library.flags >>> 24 !== ARM_EABI5 || (library.flags & other) === 0;
    }
    default:
      return true;
  }
}

/** `aarch64`, or what the header says where no name is known. */
export function machineName(elf: ElfMachine): string {
  return archOf(elf)?.name ?? `machine ${elf.machine} (${elf.bits} bits, ${elf.endian}-endian)`;
}

function fatal(why: string): Verdict {
  return { kind: "fatal", why, isLibrary: false, soname: null };
}
