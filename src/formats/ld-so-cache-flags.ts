/**
 * The flags of an entry of `/etc/ld.so.cache`: the loader passes by those of another machine or ABI.
 * Sources: glibc sysdeps/generic/ldconfig.h, sysdeps/<machine>/{dl-cache.h,readelflib.c}.
 */
import type { ElfMachine } from "../core/arch.ts";

const EM_SPARC = 2;
const EM_386 = 3;
const EM_MIPS = 8;
const EM_SPARC32PLUS = 18;
const EM_PPC = 20;
const EM_PPC64 = 21;
const EM_S390 = 22;
const EM_ARM = 40;
const EM_SPARCV9 = 43;
const EM_IA_64 = 50;
const EM_X86_64 = 62;
const EM_AARCH64 = 183;
const EM_RISCV = 243;
const EM_LOONGARCH = 258;

const ELF_LIBC6 = 3;
const ARM_EABI5 = 5;
const ARM_HARD_FLOAT = 0x400;
const ARM_SOFT_FLOAT = 0x200;
const MIPS_ABI2 = 0x20;
const MIPS_NAN2008 = 0x400;
/** EF_RISCV_FLOAT_ABI and EF_RISCV_RVC: a library with any other flag is none for ldconfig. */
const RISCV_KNOWN = 0x7;
const RISCV_FLOAT_ABI = 0x6;
/** The float ABI; EF_LARCH_OBJABI_V1 is for linkers. */
const LOONGARCH_KNOWN = 0x43;
const LOONGARCH_FLOAT_ABI = 0x3;

/** Null: ldconfig enters no library of this ABI. */
export function cacheFlags(elf: ElfMachine): number | null {
  const own = ownFlags(elf);
  return own === null ? null : ELF_LIBC6 | own;
}

function ownFlags({ machine, bits, flags }: ElfMachine): number | null {
  const isWide = bits === 64;
  switch (machine) {
    case EM_X86_64: // and x32
      return isWide ? 0x300 : 0x800;
    case EM_ARM:
      return armFlags(flags);
    case EM_AARCH64:
      return 0xa00;
    case EM_RISCV:
      if (flags & ~RISCV_KNOWN) return null;
      return { 0: 0xf00, 4: 0x1000 }[flags & RISCV_FLOAT_ABI] ?? null;
    case EM_PPC64:
      return 0x500;
    case EM_S390:
      return isWide ? 0x400 : 0;
    case EM_SPARCV9:
      return 0x100;
    case EM_IA_64:
      return 0x200;
    case EM_LOONGARCH:
      if (flags & ~LOONGARCH_KNOWN) return null;
      return { 1: 0x1100, 3: 0x1200 }[flags & LOONGARCH_FLOAT_ABI] ?? null;
    case EM_MIPS:
      return mipsFlags(isWide, flags);
    default:
      return 0;
  }
}

/** What says nothing of its float ABI counts for both. */
function armFlags(flags: number): number {
  if (flags >>> 24 !== ARM_EABI5) return 0;
  if (flags & ARM_HARD_FLOAT) return 0x900;
  return flags & ARM_SOFT_FLOAT ? 0xb00 : 0;
}

function mipsFlags(isWide: boolean, flags: number): number {
  const isNan2008 = (flags & MIPS_NAN2008) !== 0;
  if (isWide) return isNan2008 ? 0xe00 : 0x700;
  if (flags & MIPS_ABI2) return isNan2008 ? 0xd00 : 0x600;
  return isNan2008 ? 0xc00 : 0;
}

/** Machines whose libraries one cache serves, each with that of its 64-bit programs. */
const FAMILIES: Readonly<Record<number, number>> = {
  [EM_386]: EM_X86_64,
  [EM_ARM]: EM_AARCH64,
  [EM_PPC]: EM_PPC64,
  [EM_SPARC]: EM_SPARCV9,
  [EM_SPARC32PLUS]: EM_SPARCV9,
};

/** Whether one ldconfig would enter the libraries of both: they run side by side. */
export function shareCache(a: ElfMachine, b: ElfMachine): boolean {
  const [one, other] = [a, b].map(({ machine }) => FAMILIES[machine] ?? machine);
  return one === other && a.endian === b.endian;
}
