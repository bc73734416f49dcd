/**
 * The dynamic section: what the loader is asked to find. Its strings are given by addresses in memory, which
 * the PT_LOAD headers turn into places in the file.
 * Sources: gABI chapter 5 "Dynamic Section", elf.h (DT_AUXILIARY, DT_FILTER, DF_1_NODEFLIB).
 */
import type { ByteString } from "../core/path.ts";
import { type ElfBytes, ElfError } from "./elf-bytes.ts";
import { type ProgramHeader, PT_LOAD } from "./elf-headers.ts";

export interface DynamicSection {
  readonly soname: ByteString | null;
  readonly needed: readonly ByteString[];
  /** DT_RPATH and DT_RUNPATH as they stand, with their colons and tokens. */
  readonly rpath: ByteString | null;
  readonly runpath: ByteString | null;
  /** DT_AUXILIARY: loaded where it is there. */
  readonly auxiliary: readonly ByteString[];
  /** DT_FILTER: loaded like a needed library. */
  readonly filter: readonly ByteString[];
  /** DF_1_NODEFLIB: the default directories do not count. */
  readonly hasNoDefaultLib: boolean;
  /** Which of the functions of interest (`WATCHED_IMPORTS`) the string table names. */
  readonly imports: readonly string[];
}

/** Functions of the C library that open files by name: see graph/suspicions/. */
export const WATCHED_IMPORTS = ["dlopen", "iconv_open", "pthread_cancel", "pthread_exit"] as const;

export const NOTHING_DYNAMIC: DynamicSection = {
  soname: null,
  needed: [],
  rpath: null,
  runpath: null,
  auxiliary: [],
  filter: [],
  hasNoDefaultLib: false,
  imports: [],
};

const DF_1_NODEFLIB = 0x800;
const TAG = {
  needed: 1,
  strtab: 5,
  strsz: 10,
  soname: 14,
  rpath: 15,
  runpath: 29,
  flags1: 0x6fff_fffb,
  auxiliary: 0x7fff_fffd,
  filter: 0x7fff_ffff,
} as const;

/** Far above what linkers write: a hostile file cannot make this slow. */
const MOST_ENTRIES = 16384;
const MOST_NAMES = 4096;
const MOST_NAME_BYTES = 4096;
const MOST_PATH_BYTES = 65536;
/** The string table of the largest C++ libraries has a few megabytes. */
const MOST_TABLE_BYTES = 8 << 20;

type Entries = ReadonlyMap<number, readonly number[]>;

/** Throws FormatError where the section or one of its strings does not lie in the file. */
export function readDynamic(
  bytes: ElfBytes,
  dynamic: ProgramHeader,
  headers: readonly ProgramHeader[],
): DynamicSection {
  const entries = readEntries(bytes, dynamic);
  const strings = new Strings(bytes, dynamic.offset, entries, headers);
  const names = (tag: number) => (entries.get(tag) ?? []).map((at) => strings.read(at, MOST_NAME_BYTES));
  const last = (tag: number, most: number) => {
    const at = entries.get(tag)?.at(-1); // as the loader, which keeps the last of each
    return at === undefined ? null : strings.read(at, most);
  };
  return {
    soname: last(TAG.soname, MOST_NAME_BYTES),
    needed: names(TAG.needed),
    rpath: last(TAG.rpath, MOST_PATH_BYTES),
    runpath: last(TAG.runpath, MOST_PATH_BYTES),
    auxiliary: names(TAG.auxiliary),
    filter: names(TAG.filter),
    hasNoDefaultLib: ((entries.get(TAG.flags1)?.at(-1) ?? 0) & DF_1_NODEFLIB) !== 0,
    imports: entries.has(TAG.needed) ? strings.among(WATCHED_IMPORTS) : [],
  };
}

/** The values of the tags that count, by tag, in the order of the section. */
function readEntries(bytes: ElfBytes, { offset, fileSize }: ProgramHeader): Entries {
  const size = bytes.wordSize * 2;
  const count = Math.min(Math.floor(fileSize / size), MOST_ENTRIES);
  bytes.bytes(offset, count * size);
  const known = new Set<number>(Object.values(TAG));
  const entries = new Map<number, number[]>();
  for (let index = 0; index < count; index++) {
    const tag = bytes.word(offset + index * size);
    if (tag === 0) return entries;
    if (!known.has(tag)) continue;
    const values = entries.get(tag) ?? [];
    values.push(bytes.word(offset + index * size + bytes.wordSize));
    if (values.length > MOST_NAMES) {
      throw new ElfError("bad-dynamic", offset + index * size, `more than ${MOST_NAMES} entries of one kind`);
    }
    entries.set(tag, values);
  }
  if (count === MOST_ENTRIES) {
    throw new ElfError("bad-dynamic", offset, `more than ${MOST_ENTRIES} entries in the dynamic section`);
  }
  return entries; // without an end mark: the segment's own end is one
}

/** The string table, whose place is only looked for when a string is asked for. */
class Strings {
  readonly #bytes: ElfBytes;
  readonly #dynamic: number;
  readonly #entries: Entries;
  readonly #headers: readonly ProgramHeader[];
  readonly #known = new Map<number, ByteString>();

  constructor(bytes: ElfBytes, dynamic: number, entries: Entries, headers: readonly ProgramHeader[]) {
    this.#bytes = bytes;
    this.#dynamic = dynamic;
    this.#entries = entries;
    this.#headers = headers;
  }

  read(at: number, most: number): ByteString {
    const known = this.#known.get(at);
    if (known !== undefined) return known;
    const size = this.#entries.get(TAG.strsz)?.at(-1) ?? most;
    if (at >= size) {
      throw new ElfError("bad-string", this.#dynamic, `string ${at} lies outside of the string table`);
    }
    const place = this.#placeOf(at);
    const text = this.#bytes.text(place, Math.min(most, size - at));
    if (text === null) throw new ElfError("bad-string", place, "a name in the string table does not end");
    this.#known.set(at, text as ByteString);
    return text as ByteString;
  }

  /** Those names that are whole strings of the table. A name may also be the end of a longer one: that is not seen. */
  among(names: readonly string[]): string[] {
    const size = Math.min(this.#entries.get(TAG.strsz)?.at(-1) ?? 0, MOST_TABLE_BYTES);
    if (size === 0) return [];
    const place = this.#placeOf(0);
    const table = this.#bytes.bytes(place, Math.max(0, Math.min(size, this.#bytes.size - place)));
    const searched = Buffer.from(table.buffer, table.byteOffset, table.length);
    return names.filter((name) => searched.includes(`\0${name}\0`, 0, "latin1"));
  }

  #placeOf(at: number): number {
    const table = this.#entries.get(TAG.strtab)?.at(-1);
    if (table === undefined) throw new ElfError("bad-dynamic", this.#dynamic, "there is no string table");
    const address = table + at;
    const load = this.#headers.find(
      (header) =>
        header.type === PT_LOAD && address >= header.address && address < header.address + header.fileSize,
    );
    if (load) return address - load.address + load.offset;
    throw new ElfError("bad-dynamic", this.#dynamic, "the string table lies in no part that is loaded");
  }
}
