/** What a kernel can do, as far as its configuration or its own bytes tell. */
import type { ByteSource } from "../../formats/byte-source.ts";
import type { KernelConfig } from "../../formats/kernel-config.ts";
import type { KernelMachine } from "../../formats/kernel-image.ts";
import type { CompressedKind } from "../../formats/member.ts";

export interface KernelAbilities {
  /** For people: "a bzImage", "a configuration". */
  readonly form: string;
  /** Null: not known, as for the next two. */
  readonly machine: KernelMachine | null;
  /** As `uname -r` will say. */
  readonly version: string | null;
  /** What its modules must say of themselves. */
  readonly vermagic: string | null;
  /** Who tells of options that are asked for, for people; null: there is no configuration, only what was proved. */
  readonly configuration: string | null;
  /** By names without `CONFIG_`. */
  readonly options: KernelConfig;
  /** Bytes that it takes in memory where a boot loader starts it; null: it does not say. */
  readonly memorySize: number | null;
  /** The kernel itself, not packed; null: there is only a configuration. */
  readonly image: ByteSource | null;
}

/** The option that has the decompressor for an initramfs built in. */
export const RD_OPTIONS: Readonly<Record<CompressedKind, string>> = {
  gzip: "RD_GZIP",
  bzip2: "RD_BZIP2",
  lzma: "RD_LZMA",
  xz: "RD_XZ",
  lzop: "RD_LZO",
  lz4: "RD_LZ4",
  zstd: "RD_ZSTD",
};

/** "y", "m", "n" or a value; null: nobody can tell. A configuration says nothing of an option that this kernel does not know. */
export function optionOf({ options, configuration }: KernelAbilities, name: string): string | null {
  return options.get(name) ?? (configuration === null ? null : "n");
}

/** e_machine, bits and byte order by the options that say them; the first that is set counts. */
const MACHINES: readonly (readonly [
  option: string,
  machine: number,
  bits: 32 | 64,
  endian: "little" | "big" | null,
])[] = [
  ["X86_64", 62, 64, "little"],
  ["X86_32", 3, 32, "little"],
  ["ARM64", 183, 64, null],
  ["ARM", 40, 32, null],
  ["PPC64", 21, 64, null],
  ["PPC32", 20, 32, "big"],
  ["S390", 22, 64, "big"],
  ["LOONGARCH", 258, 64, "little"],
];

/** The machine that a configuration is for; null: none that is known here. */
export function machineOfConfig(config: KernelConfig): KernelMachine | null {
  const isSet = (option: string): boolean => config.get(option) === "y";
  if (isSet("RISCV")) return { machine: 243, bits: isSet("64BIT") ? 64 : 32, endian: "little" };
  const found = MACHINES.find(([option]) => isSet(option));
  if (found === undefined) return null;
  const [, machine, bits, endian] = found;
  return { machine, bits, endian: endian ?? (isSet("CPU_BIG_ENDIAN") ? "big" : "little") };
}
