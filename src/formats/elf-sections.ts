/** What of an ELF file is there for debuggers and linkers alone. Source: gABI, chapter 4. */
import type { ElfMachine } from "../core/arch.ts";
import type { ByteSource } from "./byte-source.ts";
import { ET_REL } from "./elf.ts";
import { ElfBytes } from "./elf-bytes.ts";

export interface ElfParts {
  readonly machine: ElfMachine;
  /** Bytes of sections that no loader reads and `strip` takes away: all of them, or, of what is linked later (a kernel module), debug sections alone. */
  readonly strippable: number;
}

/** More of the names than this many bytes is not looked at. */
const MOST_NAMES = 2 ** 20;
const MOST_NAME = 64;
const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2;
const MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/** Null for what is no ELF file. Throws FormatError (ElfErrorCode) where headers lie outside of the file. */
export function readElfParts(source: ByteSource): ElfParts | null {
  const ident = Uint8Array.from(source.read(0, 6));
  const [kind, order] = [ident[4], ident[5]];
  if (!MAGIC.every((byte, at) => ident[at] === byte)) return null;
  if ((kind !== 1 && kind !== 2) || (order !== 1 && order !== 2)) return null;
  const bits = kind === 2 ? 64 : 32;
  const endian = order === 1 ? "little" : "big";
  const bytes = new ElfBytes(source, bits, endian);
  const isRelocatable = bytes.u16(16) === ET_REL;
  const machine = { machine: bytes.u16(18), bits, endian, flags: bytes.u32(bits === 64 ? 48 : 36) } as const;
  const strippable = readSections(bytes)
    .filter((section) => canGo(section, isRelocatable))
    .reduce((sum, { size }) => sum + size, 0);
  // Sections of a file that means harm may overlap.
  return { machine, strippable: Math.min(strippable, bytes.size) };
}

interface Section {
  readonly name: string;
  readonly type: number;
  readonly isLoaded: boolean;
  readonly size: number;
}

/** Modules keep their symbols: the kernel links them. Of other files, notes and comments stay: they cost nothing. */
function canGo({ name, type, isLoaded }: Section, isRelocatable: boolean): boolean {
  if (isLoaded) return false;
  if (/^(\.rela?)?\.z?debug_/.test(name)) return true;
  if (isRelocatable) return false;
  return type === SHT_SYMTAB || (type === SHT_STRTAB && name === ".strtab");
}

function readSections(bytes: ElfBytes): Section[] {
  const is64 = bytes.bits === 64;
  const table = bytes.word(is64 ? 40 : 32);
  const size = is64 ? 64 : 40;
  const count = bytes.u16(is64 ? 60 : 48);
  const names = bytes.u16(is64 ? 62 : 50);
  if (table === 0 || names >= count || bytes.u16(is64 ? 58 : 46) !== size) return [];
  bytes.bytes(table, count * size); // one read
  const headers = Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    return {
      nameAt: bytes.u32(at),
      type: bytes.u32(at + 4),
      isLoaded: (bytes.word(at + 8) & SHF_ALLOC) !== 0,
      offset: bytes.word(at + (is64 ? 24 : 16)),
      size: bytes.word(at + (is64 ? 32 : 20)),
    };
  });
  const nameAt = readNames(bytes, headers[names]!);
  return headers
    .filter(({ type, offset, size: length }) => type !== SHT_NOBITS && bytes.has(offset, length))
    .map((header) => ({ ...header, name: nameAt(header.nameAt) }));
}

function readNames(
  bytes: ElfBytes,
  { offset, size }: { offset: number; size: number },
): (at: number) => string {
  const table = Buffer.from(bytes.bytes(offset, Math.min(size, MOST_NAMES))).toString("latin1");
  return (at) => {
    const end = table.indexOf("\0", at);
    return table.slice(at, Math.min(end === -1 ? table.length : end, at + MOST_NAME));
  };
}
