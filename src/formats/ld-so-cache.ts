/**
 * `/etc/ld.so.cache`: what glibc's loader looks names up in that lie in no directory of its own. Written as
 * ldconfig does, in the byte order of the target, with the new format alone.
 * Sources: glibc sysdeps/generic/dl-cache.h (the layout), elf/cache.c (the order), elf/dl-cache.c
 * (_dl_cache_libcmp), sysdeps/<machine>/dl-cache.h and readelflib.c (the flags).
 */
import type { ElfMachine } from "../core/arch.ts";
import { compareBytes } from "../core/order.ts";
import { type ByteString, toBytes } from "../core/path.ts";
import { type StringTable, stringTable } from "./string-table.ts";

const MAGIC = "glibc-ld.so.cache1.1";
const HEADER_SIZE = 48;
const ENTRY_SIZE = 24;
/** Where each field begins; all others are zero. */
const AT = { entries: 20, stringsSize: 24, endian: 28, extension: 32 } as const;
const ENTRY_AT = { flags: 0, key: 4, value: 8, hwcap: 16 } as const;
const LITTLE_ENDIAN = 2;
const BIG_ENDIAN = 3;
/** In the upper half of an entry's hwcap: the lower half is the number of a level. */
const HAS_LEVEL = 1 << 30;
const EXTENSION_MAGIC = 0xeaa4_2174;
const EXTENSION_SIZE = 8;
const SECTION_SIZE = 16;
const GENERATOR_TAG = 0;
const LEVELS_TAG = 1;
/** Who made the cache, for `ldconfig -p`. Without a version: the same libraries give the same bytes. */
const GENERATOR = "initgraph";

export interface CachedLibrary {
  readonly soname: ByteString;
  /** Absolute, as the loader shall open it. */
  readonly path: ByteString;
  /** Of `cacheFlags`. */
  readonly flags: number;
  /** Of the `glibc-hwcaps` directory it lies in; null: it is for every processor. */
  readonly level: ByteString | null;
}

/** The bytes of a cache for libraries in the order of their directories; of one soname the first wins. */
export function encodeLdSoCache(
  libraries: readonly CachedLibrary[],
  endian: ElfMachine["endian"],
): Uint8Array {
  const sorted = [...libraries].sort(compareLibraries);
  const levels = levelsOf(libraries);
  const strings = stringTable([...sorted.flatMap(({ soname, path }) => [soname, path]), ...levels]);
  const stringsAt = HEADER_SIZE + sorted.length * ENTRY_SIZE;
  const extensionAt = Math.ceil((stringsAt + strings.bytes.length) / 4) * 4;
  const sections = levels.length === 0 ? 1 : 2;
  const levelsAt = extensionAt + EXTENSION_SIZE + sections * SECTION_SIZE;
  const generatorAt = levelsAt + levels.length * 4;
  const out = new Target(generatorAt + GENERATOR.length, endian);
  out.bytes.set(toBytes(MAGIC as ByteString));
  out.u32(AT.entries, sorted.length);
  out.u32(AT.stringsSize, strings.bytes.length);
  out.bytes[AT.endian] = endian === "little" ? LITTLE_ENDIAN : BIG_ENDIAN;
  out.u32(AT.extension, extensionAt);
  for (const [index, library] of sorted.entries()) {
    writeEntry(out, HEADER_SIZE + index * ENTRY_SIZE, library, { strings, stringsAt, levels });
  }
  out.bytes.set(strings.bytes, stringsAt);
  out.u32(extensionAt, EXTENSION_MAGIC);
  out.u32(extensionAt + 4, sections);
  writeSection(out, extensionAt + EXTENSION_SIZE, [GENERATOR_TAG, 0, generatorAt, GENERATOR.length]);
  if (levels.length > 0) {
    const size = levels.length * 4;
    writeSection(out, extensionAt + EXTENSION_SIZE + SECTION_SIZE, [LEVELS_TAG, 0, levelsAt, size]);
  }
  for (const [index, level] of levels.entries()) {
    out.u32(levelsAt + index * 4, stringsAt + strings.offsetOf(level));
  }
  out.bytes.set(toBytes(GENERATOR as ByteString), generatorAt);
  return out.bytes;
}

/** The loader finds a soname by halving, takes its best level, and stops at the first entry without one. */
function compareLibraries(a: CachedLibrary, b: CachedLibrary): number {
  const difference = compareSonames(b.soname, a.soname) || b.flags - a.flags;
  if (difference !== 0) return difference;
  if (a.level === null || b.level === null) return Number(a.level === null) - Number(b.level === null);
  return compareBytes(a.level, b.level);
}

function levelsOf(libraries: readonly CachedLibrary[]): ByteString[] {
  const levels = libraries.flatMap(({ level }) => (level === null ? [] : [level]));
  return [...new Set(levels)].sort(compareBytes);
}

interface Tables {
  readonly strings: StringTable;
  readonly stringsAt: number;
  readonly levels: readonly ByteString[];
}

function writeEntry(out: Target, at: number, library: CachedLibrary, tables: Tables): void {
  const { strings, stringsAt, levels } = tables;
  const { soname, path, flags, level } = library;
  out.u32(at + ENTRY_AT.flags, flags);
  out.u32(at + ENTRY_AT.key, stringsAt + strings.offsetOf(soname));
  out.u32(at + ENTRY_AT.value, stringsAt + strings.offsetOf(path));
  if (level === null) return;
  const [upper, lower] = out.endian === "little" ? [4, 0] : [0, 4];
  out.u32(at + ENTRY_AT.hwcap + upper, HAS_LEVEL);
  out.u32(at + ENTRY_AT.hwcap + lower, levels.indexOf(level));
}

function writeSection(out: Target, at: number, fields: readonly number[]): void {
  for (const [index, value] of fields.entries()) out.u32(at + index * 4, value);
}

/** Bytes for a machine of either byte order. */
class Target {
  readonly bytes: Uint8Array;
  readonly endian: ElfMachine["endian"];
  readonly #view: DataView;

  constructor(size: number, endian: ElfMachine["endian"]) {
    this.bytes = new Uint8Array(size);
    this.endian = endian;
    this.#view = new DataView(this.bytes.buffer);
  }

  u32(at: number, value: number): void {
    this.#view.setUint32(at, value, this.endian === "little");
  }
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
