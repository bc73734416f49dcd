/**
 * `.note.dlopen`: the libraries that a program or library opens by name at run time, as its maker declares
 * them. Read through PT_NOTE segments, since section headers may be stripped.
 * Sources: gABI chapter 5 "Note Section"; uapi-group specifications, elf_dlopen_metadata.md.
 */
import { type ByteString, bytesOf } from "../core/path.ts";
import { type ElfBytes, ElfError } from "./elf-bytes.ts";
import type { ProgramHeader } from "./elf-headers.ts";

export const DLOPEN_PRIORITIES = ["required", "recommended", "suggested"] as const;

export type DlopenPriority = (typeof DLOPEN_PRIORITIES)[number];

export interface DlopenNote {
  /** Alternatives, the preferred first; at least one. */
  readonly sonames: readonly ByteString[];
  /** What it is for, in a word: "zstd". Empty where nothing is said. */
  readonly feature: string;
  readonly priority: DlopenPriority;
}

const PT_NOTE = 4;
const HEADER_SIZE = 12;
const OWNER = "FDO\0";
const DLOPEN_TYPE = 0x407c_0c0a;
/** Far above what linkers and makers write: a hostile file cannot make this slow. */
const MOST_SEGMENTS = 64;
const MOST_SEGMENT_BYTES = 1 << 20;
const MOST_NOTES = 4096;
const MOST_ENTRIES = 4096;
const MOST_ALTERNATIVES = 64;
const MOST_NAME_BYTES = 4096;

/**
 * In the order of the file. What is no well-formed note ends its segment, as for all who read notes; throws
 * FormatError ("bad-note") where a note says that it is of this kind and is not.
 */
export function readDlopenNotes(bytes: ElfBytes, headers: readonly ProgramHeader[]): DlopenNote[] {
  const segments = headers.filter(({ type }) => type === PT_NOTE).slice(0, MOST_SEGMENTS);
  return segments.flatMap((segment) => readSegment(bytes, segment));
}

function readSegment(bytes: ElfBytes, { offset, fileSize, align }: ProgramHeader): DlopenNote[] {
  if (fileSize > MOST_SEGMENT_BYTES || !bytes.has(offset, fileSize)) return [];
  const end = offset + fileSize;
  // Parts begin at multiples of 4; of 8 in the segments that say so (GNU properties).
  const unit = align === 8 ? 8 : 4;
  const found: DlopenNote[] = [];
  let at = offset;
  for (let count = 0; count < MOST_NOTES && at + HEADER_SIZE <= end; count++) {
    const [nameSize, size, type] = [bytes.u32(at), bytes.u32(at + 4), bytes.u32(at + 8)];
    const nameAt = at + HEADER_SIZE;
    const descriptionAt = offset + roundUp(nameAt + nameSize - offset, unit);
    if (descriptionAt + size > end) break;
    if (type === DLOPEN_TYPE && nameSize === OWNER.length && textAt(bytes, nameAt, nameSize) === OWNER) {
      const added = parseDlopenNote(bytes.bytes(descriptionAt, size), descriptionAt);
      if (found.length + added.length > MOST_ENTRIES) throw badNote(at, "too many entries");
      found.push(...added);
    }
    at = offset + roundUp(descriptionAt + size - offset, unit);
  }
  return found;
}

/** The description of one note: a JSON array of objects. Unknown keys and words are for later readers. */
function parseDlopenNote(description: Uint8Array, at: number): DlopenNote[] {
  const text = Buffer.from(description).toString("utf8").replace(/\0+$/, "");
  const list = parseJson(text, at);
  if (!Array.isArray(list) || list.length > MOST_ENTRIES) throw badNote(at, "it is no list of libraries");
  return list.map((entry: unknown) => parseEntry(entry, at));
}

function parseEntry(entry: unknown, at: number): DlopenNote {
  const { soname, feature, priority } = Object(entry) as Record<string, unknown>;
  const names = Array.isArray(soname) && soname.length <= MOST_ALTERNATIVES ? (soname as unknown[]) : [];
  if (names.length === 0 || !names.every(isName)) throw badNote(at, "an entry has no list of names");
  return {
    sonames: names.map(bytesOf),
    feature: typeof feature === "string" ? feature : "",
    priority: DLOPEN_PRIORITIES.find((known) => known === priority) ?? "recommended",
  };
}

function isName(name: unknown): name is string {
  return typeof name === "string" && name !== "" && name.length <= MOST_NAME_BYTES && !name.includes("\0");
}

function parseJson(text: string, at: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badNote(at, "it is no JSON");
  }
}

function badNote(at: number, why: string): Error {
  return new ElfError("bad-note", at, `the note of libraries to open is damaged: ${why}`);
}

function textAt(bytes: ElfBytes, at: number, length: number): string {
  return Buffer.from(bytes.bytes(at, length)).toString("latin1");
}

function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}
