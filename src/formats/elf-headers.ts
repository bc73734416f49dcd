/** Program headers, and the one question asked of section headers. Source: gABI, chapters 4 and 5. */
import { type ElfBytes, ElfError } from "./elf-bytes.ts";

export interface ProgramHeader {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly align: number;
}

/** The kernel reads no more than this many bytes of program headers. */
const MOST_HEADER_BYTES = 65536;
/** More section headers than this are not looked at. */
const MOST_SECTIONS = 1024;
export const PT_LOAD = 1;
const PN_XNUM = 0xffff;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2;

/** Throws FormatError where they lie outside of the file or have another size than the class gives them. */
export function readProgramHeaders(bytes: ElfBytes): ProgramHeader[] {
  const is64 = bytes.bits === 64;
  const count = countOf(bytes);
  if (count === 0) return [];
  const size = is64 ? 56 : 32;
  const table = bytes.word(is64 ? 32 : 28);
  const entrySize = bytes.u16(is64 ? 54 : 42);
  if (entrySize !== size || count * size > MOST_HEADER_BYTES) {
    const message = `${count} program headers of ${entrySize} bytes cannot be loaded`;
    throw new ElfError("bad-program-headers", is64 ? 54 : 42, message);
  }
  bytes.bytes(table, count * size); // one read, and an early word about a file that is cut short
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    return {
      type: bytes.u32(at),
      offset: bytes.word(at + (is64 ? 8 : 4)),
      address: bytes.word(at + (is64 ? 16 : 8)),
      fileSize: bytes.word(at + (is64 ? 32 : 16)),
      align: bytes.word(at + (is64 ? 48 : 28)),
    };
  });
}

/**
 * Throws FormatError for a program or library that is cut short. Only for those the loader works on: firmware
 * in parts (Qualcomm's .mdt) is an ELF file whose segments lie in other files.
 */
export function checkSegments(bytes: ElfBytes, headers: readonly ProgramHeader[]): void {
  for (const { type, offset, fileSize } of headers) {
    if (type !== PT_LOAD || bytes.has(offset, fileSize)) continue;
    throw new ElfError("truncated", bytes.size, `the file ends before byte ${offset + fileSize}`);
  }
}

/** A count that does not fit 16 bits stands in sh_info of section 0. */
function countOf(bytes: ElfBytes): number {
  const is64 = bytes.bits === 64;
  const count = bytes.u16(is64 ? 56 : 44);
  if (count !== PN_XNUM) return count;
  return bytes.u32(bytes.word(is64 ? 40 : 32) + (is64 ? 44 : 28));
}

/**
 * Whether a file holds debug information only (objcopy --only-keep-debug, eu-strip -f). Such a file keeps the
 * program headers of the one it was taken from, but not what they point at: binutils writes a file size
 * of 0, elfutils leaves the old size and marks the section as one without bytes.
 */
export function isDetached(bytes: ElfBytes, headers: readonly (ProgramHeader | undefined)[]): boolean {
  const present = headers.filter((header) => header !== undefined);
  if (present.every((header) => header.fileSize === 0)) return true;
  const addresses = new Set(present.map((header) => header.address));
  return sectionsWithoutBytes(bytes).some((address) => addresses.has(address));
}

/** Where in memory those sections of a loaded program lie that have no bytes in this file. */
function sectionsWithoutBytes(bytes: ElfBytes): number[] {
  const is64 = bytes.bits === 64;
  const table = bytes.word(is64 ? 40 : 32);
  const size = is64 ? 64 : 40;
  const count = bytes.u16(is64 ? 60 : 48);
  const isRead = bytes.u16(is64 ? 58 : 46) === size && count <= MOST_SECTIONS && table > 0;
  if (!isRead || !bytes.has(table, count * size)) return [];
  bytes.bytes(table, count * size);
  const addresses: number[] = [];
  for (let at = table; at < table + count * size; at += size) {
    const isAllocated = (bytes.word(at + 8) & SHF_ALLOC) !== 0;
    const isEmpty = bytes.u32(at + 4) !== SHT_NOBITS || bytes.word(at + (is64 ? 32 : 20)) === 0;
    if (isAllocated && !isEmpty) addresses.push(bytes.word(at + (is64 ? 16 : 12)));
  }
  return addresses;
}
