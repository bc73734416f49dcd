/**
 * `/etc/ld.so.cache`: what glibc's loader looks names up in that lie in no directory of its own. Written as
 * ldconfig does, in the byte order of the target, with the new format alone.
 * Sources: glibc sysdeps/generic/dl-cache.h (the layout), elf/cache.c (the order), elf/dl-cache.c
 * (_dl_cache_libcmp), sysdeps/<machine>/dl-cache.h and readelflib.c (the flags).
 */
import type { ElfMachine } from "../core/arch.ts";
import { type ByteString, toBytes } from "../core/path.ts";

const MAGIC = "glibc-ld.so.cache1.1";
const HEADER_SIZE = 48;
const ENTRY_SIZE = 24;
/** Where each field begins; all others are zero. */
const AT = { entries: 20, stringsSize: 24, endian: 28 } as const;
const ENTRY_AT = { flags: 0, key: 4, value: 8 } as const;
const LITTLE_ENDIAN = 2;
const BIG_ENDIAN = 3;

export interface CachedLibrary {
  readonly soname: ByteString;
  /** Absolute, as the loader shall open it. */
  readonly path: ByteString;
  readonly machine: ElfMachine;
}

/** The bytes of a cache for libraries in the order of their directories; of one soname the first wins. */
export function encodeLdSoCache(
  libraries: readonly CachedLibrary[],
  endian: ElfMachine["endian"],
): Uint8Array {
  const sorted = [...libraries]
    .map((library) => ({ ...library, flags: cacheFlags(library.machine) }))
    .sort((a, b) => compareSonames(b.soname, a.soname) || b.flags - a.flags);
  const strings: Uint8Array[] = [];
  const stringsAt = HEADER_SIZE + sorted.length * ENTRY_SIZE;
  let end = stringsAt;
  const put = (text: ByteString): number => {
    const bytes = toBytes(`${text}\0` as ByteString);
    strings.push(bytes);
    end += bytes.length;
    return end - bytes.length;
  };
  const places = sorted.map(({ soname, path }) => ({ key: put(soname), value: put(path) }));
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  const isLittle = endian === "little";
  bytes.set(toBytes(MAGIC as ByteString));
  view.setUint32(AT.entries, sorted.length, isLittle);
  view.setUint32(AT.stringsSize, end - stringsAt, isLittle);
  view.setUint8(AT.endian, isLittle ? LITTLE_ENDIAN : BIG_ENDIAN);
  for (const [index, { key, value }] of places.entries()) {
    const at = HEADER_SIZE + index * ENTRY_SIZE;
    view.setInt32(at + ENTRY_AT.flags, sorted[index]!.flags, isLittle);
    view.setUint32(at + ENTRY_AT.key, key, isLittle);
    view.setUint32(at + ENTRY_AT.value, value, isLittle);
  }
  let at = stringsAt;
  for (const text of strings) {
    bytes.set(text, at);
    at += text.length;
  }
  return bytes;
}

/** glibc's libcmp: runs of digits compare as numbers, a digit stands above any other byte. */
export function compareSonames(a: ByteString, b: ByteString): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [digitsAt(a, i), digitsAt(b, j)];
    if (left !== "" || right !== "") {
      if (left === "") return -1;
      if (right === "") return 1;
      const difference = BigInt(left) - BigInt(right);
      if (difference !== 0n) return difference < 0n ? -1 : 1;
      i += left.length;
      j += right.length;
      continue;
    }
    const difference = signedCharAt(a, i) - signedCharAt(b, j);
    if (difference !== 0) return difference;
    i += 1;
    j += 1;
  }
  return 0;
}

function digitsAt(text: string, at: number): string {
  let end = at;
  while (end < text.length && text[end]! >= "0" && text[end]! <= "9") end += 1;
  return text.slice(at, end);
}

/** The end of a string is its NUL; a byte above 0x7f is negative where char is signed, as on most machines. */
function signedCharAt(text: string, at: number): number {
  const byte = at < text.length ? text.charCodeAt(at) : 0;
  return byte > 0x7f ? byte - 256 : byte;
}

const ELF_LIBC6 = 3;
const ARM_HARD_FLOAT = 0x400;
const ARM_SOFT_FLOAT = 0x200;
const RISCV_DOUBLE_FLOAT = 4;
const MIPS_ABI2 = 0x20;
const MIPS_NAN2008 = 0x400;

/** The flags of an entry: the loader passes by those of another machine or float ABI. */
export function cacheFlags({ machine, bits, flags }: ElfMachine): number {
  const isWide = bits === 64;
  switch (machine) {
    case 62: // x86-64, x32
      return ELF_LIBC6 | (isWide ? 0x300 : 0x800);
    case 40: // ARM
      if (flags & ARM_HARD_FLOAT) return ELF_LIBC6 | 0x900;
      return ELF_LIBC6 | (flags & ARM_SOFT_FLOAT ? 0xb00 : 0);
    case 183: // AArch64
      return ELF_LIBC6 | 0xa00;
    case 243: // RISC-V
      return ELF_LIBC6 | ((flags & 6) === RISCV_DOUBLE_FLOAT ? 0x1000 : 0xf00);
    case 21: // PowerPC, 64 bits
      return ELF_LIBC6 | 0x500;
    case 22: // S/390
      return ELF_LIBC6 | (isWide ? 0x400 : 0);
    case 43: // SPARC, 64 bits
      return ELF_LIBC6 | 0x100;
    case 258: // LoongArch
      return ELF_LIBC6 | ((flags & 7) === 3 ? 0x1200 : 0x1100);
    case 8: // MIPS
      return ELF_LIBC6 | mipsFlags(isWide, flags);
    default:
      return ELF_LIBC6;
  }
}

function mipsFlags(isWide: boolean, flags: number): number {
  const isNan2008 = (flags & MIPS_NAN2008) !== 0;
  if (isWide) return isNan2008 ? 0xe00 : 0x700;
  if (flags & MIPS_ABI2) return isNan2008 ? 0xd00 : 0x600;
  return isNan2008 ? 0xc00 : 0;
}
