/**
 * What an ELF file asks of its surroundings: machine, interpreter, libraries and where it wants them looked
 * for. Read as the kernel and the loader do, by program headers; section headers may be stripped, and are
 * asked one thing only: whether a file is detached debug information, whose program headers speak of
 * another file.
 * Sources: the System V gABI chapters 4 and 5, elf.h of glibc, linux fs/binfmt_elf.c, glibc elf/dl-load.c.
 */
import type { ElfMachine } from "../core/arch.ts";
import type { ByteString } from "../core/path.ts";
import { type ByteSource, sourceOf } from "./byte-source.ts";
import { ElfBytes, ElfError } from "./elf-bytes.ts";
import { type DynamicSection, NOTHING_DYNAMIC, readDynamic } from "./elf-dynamic.ts";
import { checkSegments, isDetached, type ProgramHeader, readProgramHeaders } from "./elf-headers.ts";
import { type DlopenNote, readDlopenNotes } from "./elf-notes.ts";

export interface ElfFile extends DynamicSection {
  readonly machine: ElfMachine;
  /** e_ident[EI_OSABI]. */
  readonly osabi: number;
  /** e_type: 1 relocatable, 2 executable, 3 shared or position-independent, 4 core. */
  readonly type: number;
  /** PT_INTERP; null: a static program, a library, or no program at all. */
  readonly interpreter: ByteString | null;
  /** Whether there is a dynamic section: a static program at a fixed place has none. */
  readonly isDynamic: boolean;
  /** Libraries that it opens by name at run time, as far as it declares them. */
  readonly dlopen: readonly DlopenNote[];
}

export const ET_REL = 1;
export const ET_EXEC = 2;
export const ET_DYN = 3;

const PT_DYNAMIC = 2;
const PT_INTERP = 3;
/** The kernel's own limit for an interpreter's path, its NUL included. */
const PATH_MAX = 4096;
const MAGIC = [0x7f, 0x45, 0x4c, 0x46];

/**
 * Null for what is no ELF file (it does not begin with "\x7fELF"). Throws FormatError (ElfErrorCode) for
 * one that is damaged. Time and memory are bounded whatever the bytes say. A relocatable file (a kernel
 * module) and a core ask nothing.
 */
export function readElf(source: ByteSource): ElfFile | null {
  const begin = source.read(0, 16);
  if (!MAGIC.every((byte, at) => begin[at] === byte)) return null;
  const ident = Uint8Array.from(begin);
  const bytes = new ElfBytes(source, bitsOf(ident[4]), endianOf(ident[5]));
  const file = readHeader(bytes, ident[7] ?? 0);
  if (file.type !== ET_EXEC && file.type !== ET_DYN) return file;
  const headers = readProgramHeaders(bytes);
  const interpreter = headers.find((header) => header.type === PT_INTERP);
  const dynamic = headers.find((header) => header.type === PT_DYNAMIC);
  if ((!interpreter && !dynamic) || isDetached(bytes, [interpreter, dynamic])) return file;
  checkSegments(bytes, headers);
  return {
    ...file,
    ...(dynamic ? readDynamic(bytes, dynamic, headers) : NOTHING_DYNAMIC),
    interpreter: interpreter ? readInterpreter(bytes, interpreter) : null,
    isDynamic: dynamic !== undefined,
    dlopen: dynamic ? readDlopenNotes(bytes, headers) : [],
  };
}

/** The machine of a file by its first 64 bytes; null: they are not those of an ELF file. */
export function readElfMachine(head: Uint8Array): ElfMachine | null {
  if (head.length < 64 || !MAGIC.every((byte, at) => head[at] === byte)) return null;
  if (![1, 2].includes(head[4]!) || ![1, 2].includes(head[5]!)) return null;
  return readHeader(new ElfBytes(sourceOf(head), bitsOf(head[4]), endianOf(head[5])), 0).machine;
}

function bitsOf(byte: number | undefined): 32 | 64 {
  if (byte === 1) return 32;
  if (byte === 2) return 64;
  throw new ElfError(
    "bad-class",
    4,
    `the class ${byte ?? "(missing)"} is neither 1 (32 bits) nor 2 (64 bits)`,
  );
}

function endianOf(byte: number | undefined): "little" | "big" {
  if (byte === 1) return "little";
  if (byte === 2) return "big";
  throw new ElfError(
    "bad-encoding",
    5,
    `the encoding ${byte ?? "(missing)"} is neither 1 (little) nor 2 (big)`,
  );
}

function readHeader(bytes: ElfBytes, osabi: number): ElfFile {
  bytes.bytes(0, bytes.bits === 64 ? 64 : 52); // all of the header, so that a short file is told as such
  const flags = bytes.u32(bytes.bits === 64 ? 48 : 36);
  return {
    ...NOTHING_DYNAMIC,
    machine: { machine: bytes.u16(18), bits: bytes.bits, endian: bytes.endian, flags },
    osabi,
    type: bytes.u16(16),
    interpreter: null,
    isDynamic: false,
    dlopen: [],
  };
}

/** As the kernel wants it: 2 to 4096 bytes, the last of them NUL. */
function readInterpreter(bytes: ElfBytes, header: ProgramHeader): ByteString {
  const { offset, fileSize } = header;
  if (fileSize < 2 || fileSize > PATH_MAX) {
    throw new ElfError("bad-interpreter", offset, `the interpreter's path has ${fileSize} bytes`);
  }
  const path = bytes.text(offset, fileSize);
  if (path === null || path === "") {
    throw new ElfError("bad-interpreter", offset, "the interpreter's path is empty or does not end");
  }
  return path as ByteString;
}
