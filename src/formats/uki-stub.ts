/** The stub of a unified kernel image: whether a PE file is one that sections can be added to. */
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";
import {
  EFI_APPLICATION,
  PE_FIELD,
  PE_SECTION_SIZE,
  type Pe,
  type PeSection,
  sectionSizeInFile,
} from "./pe.ts";

/** In their order. */
export const UKI_SECTIONS = [
  ".osrel",
  ".cmdline",
  ".dtb",
  ".uname",
  ".splash",
  ".pcrpkey",
  ".linux",
  ".initrd",
  ".ucode",
] as const;
export type UkiSectionName = (typeof UKI_SECTIONS)[number];
/** Which systemd-stub takes besides: a program that has one is more than a stub. */
const OTHER_SECTIONS = [".pcrsig", ".profile", ".dtbauto", ".hwids", ".efifw"];

export type UkiErrorCode = "no-stub" | "bad-stub" | "no-room" | "too-large" | "no-initrd";
export const UkiError = FormatError<UkiErrorCode>;

const SYMBOL_SIZE = 18;

/** Throws UkiError. */
export function checkStub(pe: Pe, bytes: Uint8Array): void {
  const { headerAt, tableAt, subsystem, sections, fileAlignment, sectionAlignment } = pe;
  const fail = (code: UkiErrorCode, offset: number, why: string): never => {
    throw new UkiError(code, offset, why);
  };
  if (subsystem !== EFI_APPLICATION) fail("no-stub", headerAt + PE_FIELD.subsystem, "no EFI application");
  const used = sections.findIndex(({ name }) => [...UKI_SECTIONS, ...OTHER_SECTIONS].includes(name));
  if (used !== -1) {
    const why = `it has a section ${sections[used]!.name}: a unified kernel image, and no stub for one`;
    fail("no-stub", tableAt + used * PE_SECTION_SIZE, why);
  }
  if (pe.isSigned) fail("no-stub", headerAt, "it is signed, and what is added would not be");
  const magic = sections.find(({ name }) => name === ".sdmagic");
  if (magic !== undefined && textOf(magic, bytes).includes("systemd-addon")) {
    fail("no-stub", magic.offset, "the stub of add-ons, which starts no kernel");
  }
  for (const [what, alignment] of Object.entries({ fileAlignment, sectionAlignment })) {
    const isPower = alignment > 0 && (alignment & (alignment - 1)) === 0 && alignment <= 0x1_0000;
    if (!isPower)
      fail("bad-stub", headerAt + PE_FIELD[what as "fileAlignment"], `its ${what} is ${alignment}`);
  }
  checkSections(pe, bytes.length, fail);
}

function checkSections(
  { sections, tableAt, fileAlignment, sizeOfHeaders }: Pe,
  size: number,
  fail: (code: UkiErrorCode, offset: number, why: string) => never,
): void {
  if (sections.length === 0) fail("bad-stub", tableAt, "it has no sections");
  if (sizeOfHeaders > size) fail("bad-stub", size, "the file ends within its headers");
  let address = alignUp(sizeOfHeaders, fileAlignment);
  let offset = address;
  for (const [index, section] of sections.entries()) {
    const at = tableAt + index * PE_SECTION_SIZE;
    if (section.address < address) fail("bad-stub", at, "its sections overlap in memory");
    address = section.address + section.memorySize;
    if (section.fileSize === 0) continue;
    if ((section.offset | section.fileSize) % fileAlignment !== 0)
      fail("bad-stub", at, "its sections are not aligned in the file");
    if (section.offset < offset) fail("bad-stub", at, "its sections overlap in the file");
    offset = section.offset + section.fileSize;
  }
  if (offset > alignUp(size, fileAlignment)) fail("bad-stub", size, "the file ends within its last section");
}

/** Of old stubs: at the end of the file nobody needs them. */
export function withoutSymbols(
  bytes: Uint8Array,
  { symbols, headerAt, sections, sizeOfHeaders }: Pe,
): Uint8Array {
  const { at, count } = symbols;
  const table = at + count * SYMBOL_SIZE;
  const isBehindAll = at >= Math.max(sizeOfHeaders, ...sections.map((one) => one.offset + one.fileSize));
  if (!isBehindAll || table + 4 > bytes.length) return bytes;
  if (table + viewOf(bytes).getUint32(table, true) !== bytes.length) return bytes;
  const stripped = Uint8Array.from(bytes.subarray(0, at));
  viewOf(stripped).setUint32(headerAt + PE_FIELD.symbolsAt, 0, true);
  viewOf(stripped).setUint32(headerAt + PE_FIELD.symbolCount, 0, true);
  return stripped;
}

export function textOf(section: PeSection, bytes: Uint8Array): string {
  const end = section.offset + sectionSizeInFile(section);
  return Buffer.from(bytes.subarray(section.offset, end)).toString("latin1");
}

export function alignUp(size: number, alignment: number): number {
  return Math.ceil(size / alignment) * alignment;
}
