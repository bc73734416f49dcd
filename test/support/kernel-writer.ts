/** Kernels of a few kilobytes: what `check` looks for in one of many megabytes, and the files that loaders find it in. */
import { gzipSync } from "node:zlib";
import { peFile } from "./pe-writer.ts";

export interface TestKernel {
  readonly version?: string;
  readonly bits?: 32 | 64;
  readonly hasInitrd?: boolean;
  readonly hasDevtmpfs?: boolean;
  /** Kinds without a function in the table; null: no table at all. */
  readonly lacks?: readonly string[] | null;
  /** Pointers are set when it starts, as on arm64, and zero in the file. */
  readonly isRelocated?: boolean;
  /** Kept within it, as CONFIG_IKCONFIG does. */
  readonly config?: string;
}

const MAGICS: readonly (readonly [kind: string, magic: string])[] = [
  ["gzip", "1f8b"],
  ["gzip", "1f9e"],
  ["bzip2", "425a"],
  ["lzma", "5d00"],
  ["xz", "fd37"],
  ["lzo", "894c"],
  ["lz4", "0221"],
  ["zstd", "28b5"],
];
const BASE = 0x80000000n;

/** As it lies in memory, behind a header of its machine. */
export function bareKernel(kernel: TestKernel = {}, header: Uint8Array = Buffer.alloc(16)): Buffer {
  const { version = "6.1.0-test", hasInitrd = true, hasDevtmpfs = true, lacks = [], config } = kernel;
  const texts = [
    "gzip\0",
    `Linux version ${version} (somebody@somewhere) (gcc) #1 SMP\0`,
    hasInitrd ? "\x010Initramfs unpacking failed: %s\n\0" : "",
    hasDevtmpfs ? "\x016devtmpfs: initialized\n\0" : "",
    `${version} SMP mod_unload aarch64\0`,
    // The code that looks for the mark has it as well.
    config === undefined ? "" : "IKCFG_ST\0\0\0\0",
  ];
  const parts = [header, Buffer.from(texts.join(""), "latin1")];
  if (config !== undefined) parts.push(Buffer.from("IKCFG_ST"), gzipSync(config), Buffer.from("IKCFG_ED"));
  const before = padded(Buffer.concat(parts), 4096);
  const name = BASE + BigInt(header.length);
  return lacks === null ? before : Buffer.concat([before, tableOf(kernel, before.length, name)]);
}

function tableOf({ bits = 64, lacks, isRelocated = false }: TestKernel, at: number, name: bigint): Buffer {
  const word = bits / 8;
  const table = Buffer.alloc((MAGICS.length + 1) * 3 * word);
  const relocations: Buffer[] = [];
  for (const [row, [kind, magic]] of MAGICS.entries()) {
    const start = row * 3 * word;
    table.write(magic, start, "hex");
    for (const [column, target] of [
      [1, name],
      [2, lacks?.includes(kind) ? 0n : BASE + 0x40n],
    ] as const) {
      if (target === 0n) continue;
      const place = start + column * word;
      if (isRelocated) relocations.push(relocation(BASE + BigInt(at + place), target));
      else if (bits === 64) table.writeBigUInt64LE(target, place);
      else table.writeUInt32LE(Number(target), place);
    }
  }
  // Others stand before and behind them.
  return Buffer.concat([
    table,
    relocation(BASE + 8n, BASE),
    ...relocations,
    relocation(BASE + 0x100000n, BASE),
  ]);
}

/** Elf64_Rela of R_AARCH64_RELATIVE. */
function relocation(address: bigint, addend: bigint): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeBigUInt64LE(0xffff_8000_0000_0000n + address, 0);
  bytes.writeBigUInt64LE(0x403n, 8);
  bytes.writeBigUInt64LE(0xffff_8000_0000_0000n + addend, 16);
  return bytes;
}

/** For x86_64. */
export function bzImage(packed: Uint8Array): Buffer {
  const head = Buffer.alloc(0x1000);
  head.write("MZ", 0, "latin1");
  head[0x1f1] = 3;
  head.write("HdrS", 0x202, "latin1");
  head.writeUInt16LE(0x20f, 0x206);
  head.writeUInt16LE(1, 0x236);
  head.writeUInt32LE(0x1000 - 4 * 512, 0x248);
  head.writeUInt32LE(packed.length, 0x24c);
  return Buffer.concat([head, packed]);
}

/** For arm64, as it is started without being unpacked. */
export function arm64Image(kernel: TestKernel = {}): Buffer {
  const head = Buffer.alloc(0x40);
  head.write("MZ", 0, "latin1");
  head.writeUInt32LE(0x180_0000, 16);
  head.writeUInt32LE(0x0a, 24);
  head.write("ARM\x64", 0x38, "latin1");
  return bareKernel({ isRelocated: true, ...kernel }, head);
}

/** For arm: behind a program that has the magic of what it unpacks among its code. */
export function zImage(packed: Uint8Array): Buffer {
  const head = Buffer.alloc(0x400);
  head.writeUInt32LE(0x016f2818, 0x24);
  head.writeUInt32LE(0x45454545, 0x34);
  head.writeUInt32LE(0x100, 0x38);
  head.writeUInt32LE(0x5a534c4b, 0x104);
  head.writeUInt32LE(head.length + packed.length - 4, 0x108);
  head.write("1f8b0800", 0x200, "hex");
  head.write("fd377a585a00", 0x300, "hex");
  return Buffer.concat([head, packed, Buffer.alloc(64)]);
}

export function zboot(packed: Uint8Array, machine: number): Buffer {
  const pe = peFile({ machine, sections: [{ name: ".data", bytes: packed }] });
  pe.write("zimg", 4, "latin1");
  pe.writeUInt32LE(0x400, 8);
  pe.writeUInt32LE(packed.length, 12);
  return pe;
}

function padded(bytes: Uint8Array, to: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((to - (bytes.length % to)) % to)]);
}
