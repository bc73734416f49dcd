/**
 * PE32 and PE32+ files, as far as UEFI and systemd-stub look at them: headers and the table of sections. Sources: Microsoft's
 * "PE Format", edk2 MdePkg/Library/BasePeCoffLib.
 */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

export interface Pe {
  readonly machine: number;
  /** Of the PE signature; all fields of the headers are counted from here. */
  readonly headerAt: number;
  /** Offset of the first section's header in the file. */
  readonly tableAt: number;
  readonly subsystem: number;
  readonly dllCharacteristics: number;
  readonly sectionAlignment: number;
  readonly fileAlignment: number;
  readonly sizeOfHeaders: number;
  readonly sizeOfInitializedData: number;
  readonly symbols: { readonly at: number; readonly count: number };
  readonly isSigned: boolean;
  readonly sections: readonly PeSection[];
}

export interface PeSection {
  /** Up to eight characters, one for each byte. */
  readonly name: string;
  /** Where it is loaded to, counted from the beginning of the image in memory. */
  readonly address: number;
  /** Bytes in memory, and in the file: rounded up to the file's alignment, or fewer, zeros following in memory. */
  readonly memorySize: number;
  readonly fileSize: number;
  /** Offset in the file. */
  readonly offset: number;
}

export type PeErrorCode = "no-pe" | "truncated" | "bad-header";
export const PeError = FormatError<PeErrorCode>;

export const EFI_APPLICATION = 10;
export const NX_COMPATIBLE = 0x100;
export const PE_SECTION_SIZE = 40;

/** What ELF calls the same machine; UEFI runs on no others. All are little-endian. */
const ELF_MACHINES: ReadonlyMap<number, { readonly machine: number; readonly bits: 32 | 64 }> = new Map([
  [0x014c, { machine: 3, bits: 32 }],
  [0x8664, { machine: 62, bits: 64 }],
  [0x01c2, { machine: 40, bits: 32 }],
  [0xaa64, { machine: 183, bits: 64 }],
  [0x5032, { machine: 243, bits: 32 }],
  [0x5064, { machine: 243, bits: 64 }],
  [0x6232, { machine: 258, bits: 32 }],
  [0x6264, { machine: 258, bits: 64 }],
]);

export function elfMachineOf({ machine }: Pick<Pe, "machine">) {
  return ELF_MACHINES.get(machine) ?? null;
}

/** Offsets from the PE signature. */
export const PE_FIELD = {
  machine: 4,
  sectionCount: 6,
  symbolsAt: 12,
  symbolCount: 16,
  optionalSize: 20,
  optional: 24,
  sizeOfInitializedData: 32,
  sectionAlignment: 56,
  fileAlignment: 60,
  sizeOfImage: 80,
  sizeOfHeaders: 84,
  checksum: 88,
  subsystem: 92,
  dllCharacteristics: 94,
} as const;

const DOS_HEADER_SIZE = 64;
const SIGNATURE = 0x4550;
/** The optional header's own kind, with what it takes up to its directories. */
const KINDS: ReadonlyMap<number, number> = new Map([
  [0x10b, 96],
  [0x20b, 112],
]);
/** Which directory tells of signatures. */
const CERTIFICATES = 4;
const DIRECTORY_SIZE = 8;

/** @param head at least the first two bytes. */
export function isPe(head: Uint8Array): boolean {
  return head[0] === 0x4d && head[1] === 0x5a;
}

/** Throws FormatError for what is no PE file, is cut short, or has sections outside of itself. */
export function decodePe(source: ByteSource): Pe {
  const dos = source.read(0, DOS_HEADER_SIZE);
  if (!isPe(dos)) throw new PeError("no-pe", 0, "no PE file: it does not begin with MZ");
  if (dos.length < DOS_HEADER_SIZE) throw cut(dos.length, "the DOS header");
  const headerAt = viewOf(dos).getUint32(60, true);
  const fixed = Uint8Array.from(source.read(headerAt, PE_FIELD.optional));
  if (fixed.length < 4 || viewOf(fixed).getUint32(0, true) !== SIGNATURE) {
    throw new PeError("no-pe", Math.min(headerAt, source.size), "no PE file: there is no PE header");
  }
  if (fixed.length < PE_FIELD.optional) throw cut(source.size, "the PE header");
  const header = viewOf(fixed);
  const optionalSize = header.getUint16(PE_FIELD.optionalSize, true);
  const tableAt = headerAt + PE_FIELD.optional + optionalSize;
  const optional = optionalHeader(
    Uint8Array.from(source.read(headerAt, PE_FIELD.optional + optionalSize)),
    headerAt,
    optionalSize,
  );
  return {
    machine: header.getUint16(PE_FIELD.machine, true),
    headerAt,
    tableAt,
    ...optional,
    symbols: {
      at: header.getUint32(PE_FIELD.symbolsAt, true),
      count: header.getUint32(PE_FIELD.symbolCount, true),
    },
    sections: sectionsOf(source, tableAt, header.getUint16(PE_FIELD.sectionCount, true)),
  };
}

/** The bytes that a section has in the file, without the padding behind them. */
export function sectionSizeInFile({ memorySize, fileSize }: PeSection): number {
  return Math.min(memorySize, fileSize);
}

function optionalHeader(bytes: Uint8Array, headerAt: number, size: number) {
  if (bytes.length < PE_FIELD.optional + size) throw cut(headerAt + bytes.length, "the optional header");
  const view = viewOf(bytes);
  const fixedSize = size < 2 ? undefined : KINDS.get(view.getUint16(PE_FIELD.optional, true));
  if (fixedSize === undefined || size < fixedSize) {
    throw new PeError("bad-header", headerAt + PE_FIELD.optional, "its optional header is of no known kind");
  }
  const u32 = (field: keyof typeof PE_FIELD) => view.getUint32(PE_FIELD[field], true);
  const directories = (size - fixedSize) / DIRECTORY_SIZE;
  const certificates = PE_FIELD.optional + fixedSize + CERTIFICATES * DIRECTORY_SIZE;
  return {
    subsystem: view.getUint16(PE_FIELD.subsystem, true),
    dllCharacteristics: view.getUint16(PE_FIELD.dllCharacteristics, true),
    sectionAlignment: u32("sectionAlignment"),
    fileAlignment: u32("fileAlignment"),
    sizeOfHeaders: u32("sizeOfHeaders"),
    sizeOfInitializedData: u32("sizeOfInitializedData"),
    isSigned: directories > CERTIFICATES && view.getUint32(certificates, true) !== 0,
  };
}

function sectionsOf(source: ByteSource, tableAt: number, count: number): PeSection[] {
  const table = Uint8Array.from(source.read(tableAt, count * PE_SECTION_SIZE));
  if (table.length < count * PE_SECTION_SIZE) throw cut(source.size, "the table of sections");
  const view = viewOf(table);
  return Array.from({ length: count }, (_, index) => {
    const at = index * PE_SECTION_SIZE;
    const section = {
      name: Buffer.from(table.subarray(at, at + 8))
        .toString("latin1")
        .replace(/\0.*$/s, ""),
      memorySize: view.getUint32(at + 8, true),
      address: view.getUint32(at + 12, true),
      fileSize: view.getUint32(at + 16, true),
      offset: view.getUint32(at + 20, true),
    };
    // The padding behind the last one may be missing; what is in it is nobody's.
    if (section.offset + sectionSizeInFile(section) > source.size) {
      throw cut(source.size, `the section ${printable(section.name)}`);
    }
    return section;
  });
}

function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, "?");
}

function cut(offset: number, what: string): FormatError<PeErrorCode> {
  return new PeError("truncated", offset, `the file ends within ${what}`);
}
