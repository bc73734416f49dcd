/**
 * A kernel module: a relocatable ELF file, of which three things matter here: what `.modinfo` says, which
 * symbols it gives to other modules, and which it takes. Sources: kmod libkmod/libkmod-elf.c, gABI chapter 4.
 */
import type { ElfMachine } from "../core/arch.ts";
import { sourceOf } from "./byte-source.ts";
import { ElfBytes } from "./elf-bytes.ts";
import { FormatError } from "./format-error.ts";
import type { ModInfo } from "./kmod-text.ts";

export interface KernelModule {
  readonly machine: ElfMachine;
  /** In the order of the file: a key may stand many times. */
  readonly info: ModInfo;
  readonly exports: readonly string[];
  /** Undefined symbols, in the order of the symbol table. */
  readonly needs: readonly string[];
}

/** A module, and what depmod does not ask of it. */
export interface LoadedModule extends KernelModule {
  /** Those of `needs` that it does without where nobody has them. */
  readonly weak: readonly string[];
}

export type KernelModuleErrorCode = "no-elf" | "not-relocatable" | "bad-sections" | "bad-symbols";

export const KernelModuleError = FormatError<KernelModuleErrorCode>;

interface Section {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

const ET_REL = 1;
const SHT_NOBITS = 8;
const MOST_SECTIONS = 65535;
const CRC = "__crc_";
const STT_REGISTER = 13;
const STB_WEAK = 2;
const SPARC = [2, 43];

/** Throws FormatError for what is no relocatable ELF file, or one that is cut short. */
export function readKernelModule(bytes: Uint8Array): LoadedModule {
  const isElf = bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
  if (!isElf || !(bytes[4] === 1 || bytes[4] === 2) || !(bytes[5] === 1 || bytes[5] === 2)) {
    throw new KernelModuleError("no-elf", 0, "a kernel module is an ELF file, and this is none");
  }
  const elf = new ElfBytes(sourceOf(bytes), bytes[4] === 2 ? 64 : 32, bytes[5] === 1 ? "little" : "big");
  if (elf.u16(16) !== ET_REL)
    throw new KernelModuleError("not-relocatable", 16, "an ELF file, but no kernel module");
  const sections = readSections(elf);
  const text = (name: string): string => {
    const section = sections.get(name);
    return section === undefined ? "" : latin1(elf.bytes(section.offset, section.size));
  };
  const symbols = readSymbols(elf, sections.get(".symtab"), text(".strtab"));
  const versioned = symbols
    .filter(({ name }) => name.startsWith(CRC))
    .map(({ name }) => name.slice(CRC.length));
  const undefinedOnes = symbols.filter(({ isUndefined, name }) => isUndefined && name !== "");
  const isRegister = (info: number): boolean => SPARC.includes(elf.u16(18)) && (info & 0xf) === STT_REGISTER;
  return {
    machine: {
      machine: elf.u16(18),
      bits: elf.bits,
      endian: elf.endian,
      flags: elf.u32(elf.bits === 64 ? 48 : 36),
    },
    info: strings(text(".modinfo")).map(splitInfo),
    exports: versioned.length > 0 ? versioned : strings(text("__ksymtab_strings")),
    needs: undefinedOnes.filter(({ info }) => !isRegister(info)).map(({ name }) => name),
    weak: undefinedOnes.filter(({ info }) => info >> 4 === STB_WEAK).map(({ name }) => name),
  };
}

/** All values of a key. */
export function infoOf<K extends string>(
  info: readonly (readonly [key: K, value: string])[],
  key: NoInfer<K>,
): string[] {
  return info.flatMap(([each, value]) => (each === key ? [value] : []));
}

function readSections(elf: ElfBytes): Map<string, Section> {
  const is64 = elf.bits === 64;
  const table = elf.word(is64 ? 40 : 32);
  const size = elf.u16(is64 ? 58 : 46);
  const count = elf.u16(is64 ? 60 : 48);
  const names = elf.u16(is64 ? 62 : 50);
  if (size !== (is64 ? 64 : 40) || count > MOST_SECTIONS || names >= count) {
    throw new KernelModuleError("bad-sections", is64 ? 58 : 46, "the section headers are damaged");
  }
  elf.bytes(table, count * size);
  const rangeOf = (index: number) => {
    const at = table + index * size;
    const isEmpty = elf.u32(at + 4) === SHT_NOBITS;
    return { offset: elf.word(at + (is64 ? 24 : 16)), size: isEmpty ? 0 : elf.word(at + (is64 ? 32 : 20)) };
  };
  const nameTable = rangeOf(names);
  const nameText = latin1(elf.bytes(nameTable.offset, nameTable.size));
  const sections = new Map<string, Section>();
  for (let index = 1; index < count; index++) {
    const name = textAt(nameText, elf.u32(table + index * size));
    if (!sections.has(name)) sections.set(name, { name, ...rangeOf(index) });
  }
  return sections;
}

interface ElfSymbol {
  readonly name: string;
  readonly info: number;
  readonly isUndefined: boolean;
}

function readSymbols(elf: ElfBytes, table: Section | undefined, names: string): ElfSymbol[] {
  if (table === undefined) return [];
  const is64 = elf.bits === 64;
  const size = is64 ? 24 : 16;
  if (table.size % size !== 0)
    throw new KernelModuleError("bad-symbols", table.offset, "the symbol table is damaged");
  const bytes = elf.bytes(table.offset, table.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLittle = elf.endian === "little";
  const symbols: ElfSymbol[] = [];
  for (let at = size; at < table.size; at += size) {
    const isUndefined = view.getUint16(at + (is64 ? 6 : 14), isLittle) === 0;
    const nameAt = view.getUint32(at, isLittle);
    // Most symbols are the module's own and matter to nobody.
    if (!isUndefined && !names.startsWith(CRC, nameAt)) continue;
    symbols.push({ name: textAt(names, nameAt), info: view.getUint8(at + (is64 ? 4 : 12)), isUndefined });
  }
  return symbols;
}

function textAt(text: string, at: number): string {
  const end = text.indexOf("\0", at);
  return end === -1 ? text.slice(at) : text.slice(at, end);
}

function strings(text: string): string[] {
  return text.split("\0").filter((each) => each !== "");
}

function splitInfo(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  return equals === -1 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
