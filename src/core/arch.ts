/**
 * Machines by the names people use for them, with what an ELF header says of each and what U-Boot calls it.
 * Sources: elf.h (e_machine), the ABI supplements of each machine, U-Boot's include/image.h and
 * arch/<x>/include/asm/u-boot.h (IH_ARCH_DEFAULT: what its loader accepts; x86 for both kinds).
 */

export interface Arch {
  readonly name: ArchName;
  /** e_machine. */
  readonly machine: number;
  readonly bits: 32 | 64;
  readonly endian: "little" | "big";
  /** Bits of e_flags that the loader compares, and their value; null: it looks at none. */
  readonly flags: { readonly mask: number; readonly value: number } | null;
  /** Debian's multiarch triplet for glibc; musl's ends in -musl instead of -gnu. */
  readonly triplet: string;
  /** As mkimage -A calls it; null: U-Boot has no id for it. */
  readonly uboot: string | null;
  /** Other names for the same machine that a recipe may use. */
  readonly aliases: readonly string[];
}

interface ArchRow extends Omit<Arch, "name"> {}

const ARM_HARD_FLOAT = 0x400;
const ARM_SOFT_FLOAT = 0x200;
const RISCV_FLOAT_ABI = 6;
/** Of EF_PPC64_ABI: 2 is the ABI of little-endian programs, and a file may say nothing. */
const PPC64_ELFV1 = 1;
const LOONGARCH_FLOAT_ABI = 7;
/** EF_MIPS_ABI2 (n32) and EF_MIPS_NAN2008. */
const MIPS_ABI = 0x420;
/** The same, and release 6 of the architecture (EF_MIPS_ARCH), which has NaNs of 2008 only. */
const MIPS_R6_ABI = 0xf000_0420;
const MIPS32_R6 = 0x9000_0000;
const MIPS64_R6 = 0xa000_0000;

// Of several rows that a header fits the first counts.
// biome-ignore format: a table
const ROWS = {
  x86_64:           { machine: 62,  bits: 64, endian: "little", flags: null, triplet: "x86_64-linux-gnu", uboot: "x86", aliases: ["amd64", "x86-64"] },
  x32:              { machine: 62,  bits: 32, endian: "little", flags: null, triplet: "x86_64-linux-gnux32", uboot: "x86", aliases: [] },
  i386:             { machine: 3,   bits: 32, endian: "little", flags: null, triplet: "i386-linux-gnu", uboot: "x86", aliases: ["i686", "x86"] },
  aarch64:          { machine: 183, bits: 64, endian: "little", flags: null, triplet: "aarch64-linux-gnu", uboot: "arm64", aliases: ["arm64"] },
  aarch64_be:       { machine: 183, bits: 64, endian: "big",    flags: null, triplet: "aarch64_be-linux-gnu", uboot: "arm64", aliases: [] },
  armhf:            { machine: 40,  bits: 32, endian: "little", flags: { mask: ARM_SOFT_FLOAT, value: 0 }, triplet: "arm-linux-gnueabihf", uboot: "arm", aliases: ["armv7l", "armv7"] },
  armel:            { machine: 40,  bits: 32, endian: "little", flags: { mask: ARM_HARD_FLOAT, value: 0 }, triplet: "arm-linux-gnueabi", uboot: "arm", aliases: ["arm"] },
  armebhf:          { machine: 40,  bits: 32, endian: "big",    flags: { mask: ARM_SOFT_FLOAT, value: 0 }, triplet: "armeb-linux-gnueabihf", uboot: "arm", aliases: [] },
  armeb:            { machine: 40,  bits: 32, endian: "big",    flags: { mask: ARM_HARD_FLOAT, value: 0 }, triplet: "armeb-linux-gnueabi", uboot: "arm", aliases: [] },
  riscv64:          { machine: 243, bits: 64, endian: "little", flags: { mask: RISCV_FLOAT_ABI, value: 4 }, triplet: "riscv64-linux-gnu", uboot: "riscv", aliases: ["riscv64-lp64d"] },
  "riscv64-sp":     { machine: 243, bits: 64, endian: "little", flags: { mask: RISCV_FLOAT_ABI, value: 2 }, triplet: "riscv64-linux-gnu", uboot: "riscv", aliases: ["riscv64-lp64f"] },
  "riscv64-sf":     { machine: 243, bits: 64, endian: "little", flags: { mask: RISCV_FLOAT_ABI, value: 0 }, triplet: "riscv64-linux-gnu", uboot: "riscv", aliases: ["riscv64-lp64"] },
  riscv32:          { machine: 243, bits: 32, endian: "little", flags: { mask: RISCV_FLOAT_ABI, value: 4 }, triplet: "riscv32-linux-gnu", uboot: "riscv", aliases: ["riscv32-ilp32d"] },
  "riscv32-sp":     { machine: 243, bits: 32, endian: "little", flags: { mask: RISCV_FLOAT_ABI, value: 2 }, triplet: "riscv32-linux-gnu", uboot: "riscv", aliases: ["riscv32-ilp32f"] },
  "riscv32-sf":     { machine: 243, bits: 32, endian: "little", flags: { mask: RISCV_FLOAT_ABI, value: 0 }, triplet: "riscv32-linux-gnu", uboot: "riscv", aliases: ["riscv32-ilp32"] },
  ppc64le:          { machine: 21,  bits: 64, endian: "little", flags: { mask: PPC64_ELFV1, value: 0 }, triplet: "powerpc64le-linux-gnu", uboot: "powerpc", aliases: ["ppc64el", "powerpc64le"] },
  ppc64:            { machine: 21,  bits: 64, endian: "big",    flags: null, triplet: "powerpc64-linux-gnu", uboot: "powerpc", aliases: ["powerpc64"] },
  ppc:              { machine: 20,  bits: 32, endian: "big",    flags: null, triplet: "powerpc-linux-gnu", uboot: "powerpc", aliases: ["powerpc"] },
  s390x:            { machine: 22,  bits: 64, endian: "big",    flags: null, triplet: "s390x-linux-gnu", uboot: "s390", aliases: [] },
  s390:             { machine: 22,  bits: 32, endian: "big",    flags: null, triplet: "s390-linux-gnu", uboot: "s390", aliases: [] },
  mips:             { machine: 8,   bits: 32, endian: "big",    flags: { mask: MIPS_ABI, value: 0 }, triplet: "mips-linux-gnu", uboot: "mips", aliases: [] },
  mipsel:           { machine: 8,   bits: 32, endian: "little", flags: { mask: MIPS_ABI, value: 0 }, triplet: "mipsel-linux-gnu", uboot: "mips", aliases: [] },
  mipsn32:          { machine: 8,   bits: 32, endian: "big",    flags: { mask: MIPS_ABI, value: 0x20 }, triplet: "mips64-linux-gnuabin32", uboot: "mips", aliases: [] },
  mipsn32el:        { machine: 8,   bits: 32, endian: "little", flags: { mask: MIPS_ABI, value: 0x20 }, triplet: "mips64el-linux-gnuabin32", uboot: "mips", aliases: [] },
  mips64:           { machine: 8,   bits: 64, endian: "big",    flags: { mask: MIPS_ABI, value: 0 }, triplet: "mips64-linux-gnuabi64", uboot: "mips", aliases: [] },
  mips64el:         { machine: 8,   bits: 64, endian: "little", flags: { mask: MIPS_ABI, value: 0 }, triplet: "mips64el-linux-gnuabi64", uboot: "mips", aliases: [] },
  mipsr6:           { machine: 8,   bits: 32, endian: "big",    flags: { mask: MIPS_R6_ABI, value: MIPS32_R6 + 0x400 }, triplet: "mipsisa32r6-linux-gnu", uboot: "mips", aliases: [] },
  mipsr6el:         { machine: 8,   bits: 32, endian: "little", flags: { mask: MIPS_R6_ABI, value: MIPS32_R6 + 0x400 }, triplet: "mipsisa32r6el-linux-gnu", uboot: "mips", aliases: [] },
  mipsn32r6:        { machine: 8,   bits: 32, endian: "big",    flags: { mask: MIPS_R6_ABI, value: MIPS64_R6 + 0x420 }, triplet: "mipsisa64r6-linux-gnuabin32", uboot: "mips", aliases: [] },
  mipsn32r6el:      { machine: 8,   bits: 32, endian: "little", flags: { mask: MIPS_R6_ABI, value: MIPS64_R6 + 0x420 }, triplet: "mipsisa64r6el-linux-gnuabin32", uboot: "mips", aliases: [] },
  mips64r6:         { machine: 8,   bits: 64, endian: "big",    flags: { mask: MIPS_R6_ABI, value: MIPS64_R6 + 0x400 }, triplet: "mipsisa64r6-linux-gnuabi64", uboot: "mips", aliases: [] },
  mips64r6el:       { machine: 8,   bits: 64, endian: "little", flags: { mask: MIPS_R6_ABI, value: MIPS64_R6 + 0x400 }, triplet: "mipsisa64r6el-linux-gnuabi64", uboot: "mips", aliases: [] },
  loongarch64:      { machine: 258, bits: 64, endian: "little", flags: { mask: LOONGARCH_FLOAT_ABI, value: 3 }, triplet: "loongarch64-linux-gnu", uboot: null, aliases: ["loong64"] },
  "loongarch64-sp": { machine: 258, bits: 64, endian: "little", flags: { mask: LOONGARCH_FLOAT_ABI, value: 2 }, triplet: "loongarch64-linux-gnuf32", uboot: null, aliases: [] },
  "loongarch64-sf": { machine: 258, bits: 64, endian: "little", flags: { mask: LOONGARCH_FLOAT_ABI, value: 1 }, triplet: "loongarch64-linux-gnusf", uboot: null, aliases: [] },
  sparc64:          { machine: 43,  bits: 64, endian: "big",    flags: null, triplet: "sparc64-linux-gnu", uboot: "sparc64", aliases: [] },
  sparc:            { machine: 2,   bits: 32, endian: "big",    flags: null, triplet: "sparc-linux-gnu", uboot: "sparc", aliases: [] },
  arc:              { machine: 195, bits: 32, endian: "little", flags: null, triplet: "arc-linux-gnu", uboot: "arc", aliases: [] },
  m68k:             { machine: 4,   bits: 32, endian: "big",    flags: null, triplet: "m68k-linux-gnu", uboot: "m68k", aliases: [] },
  alpha:            { machine: 0x9026, bits: 64, endian: "little", flags: null, triplet: "alpha-linux-gnu", uboot: "alpha", aliases: [] },
  hppa:             { machine: 15,  bits: 32, endian: "big",    flags: null, triplet: "hppa-linux-gnu", uboot: null, aliases: ["parisc"] },
  sh4:              { machine: 42,  bits: 32, endian: "little", flags: null, triplet: "sh4-linux-gnu", uboot: "sh", aliases: [] },
  sh4eb:            { machine: 42,  bits: 32, endian: "big",    flags: null, triplet: "sh4eb-linux-gnu", uboot: "sh", aliases: [] },
} satisfies Record<string, ArchRow>;

export type ArchName = keyof typeof ROWS;

export const ARCHES: readonly Arch[] = Object.entries(ROWS).map(([name, row]) => ({
  name: name as ArchName,
  ...(row as ArchRow),
}));

/** Every name a recipe may use, aliases included. */
export const ARCH_NAMES: readonly string[] = ARCHES.flatMap((arch) => [arch.name, ...arch.aliases]);

export function archByName(name: string): Arch | null {
  return ARCHES.find((arch) => arch.name === name || arch.aliases.includes(name)) ?? null;
}

/** What an ELF header says of its machine. */
export interface ElfMachine {
  readonly machine: number;
  readonly bits: 32 | 64;
  readonly endian: "little" | "big";
  readonly flags: number;
}

/** EM_SPARC32PLUS: 32-bit programs that use 64-bit instructions run beside the others. */
const EM_SPARC = 2;
const EM_SPARC32PLUS = 18;

/** Whether e_machine says the same processor, as the loader sees it. */
export function isSameMachine(a: number, b: number): boolean {
  const [one, other] = [a, b].map((machine) => (machine === EM_SPARC32PLUS ? EM_SPARC : machine));
  return one === other;
}

export function isOfArch(elf: ElfMachine, arch: Arch): boolean {
  const isSame =
    isSameMachine(elf.machine, arch.machine) && elf.bits === arch.bits && elf.endian === arch.endian;
  return isSame && (arch.flags === null || (elf.flags & arch.flags.mask) >>> 0 === arch.flags.value);
}

/** The machine's name for people; null where the table has none. */
export function archOf(elf: ElfMachine): Arch | null {
  return ARCHES.find((arch) => isOfArch(elf, arch)) ?? null;
}
