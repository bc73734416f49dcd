/**
 * rpm's header of an installed package, as its database keeps it: an index of tags, then their data. Source:
 * https://rpm-software-management.github.io/rpm/manual/format_header.html; rpm 4.18 lib/header.c, lib/rpmtag.h.
 */
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

export class RpmFormatError extends FormatError<"rpm/cut-short" | "rpm/bad-entry"> {}

/** Values are bytes. Empty: it is not said. */
export interface RpmRecord {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** A number. */
  readonly epoch: string;
  readonly architecture: string;
  readonly license: string;
  readonly vendor: string;
  readonly packager: string;
  readonly homepage: string;
  /** "bash-5.2.26-3.fc40.src.rpm". */
  readonly sourceRpm: string;
  /** No directories, and none that were not installed. */
  readonly files: readonly RpmFile[];
}

export interface RpmFile {
  /** Absolute. */
  readonly path: string;
  /** Null: it is no file, or summed in a way that is not known here. */
  readonly sum: { readonly algorithm: "md5" | "sha1" | "sha256"; readonly hex: string } | null;
}

const TAGS = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  license: 1014,
  packager: 1015,
  homepage: 1020,
  architecture: 1022,
  fileStates: 1029,
  fileModes: 1030,
  fileSums: 1035,
  sourceRpm: 1044,
  directoryNumbers: 1116,
  names: 1117,
  directories: 1118,
  sumAlgorithm: 5011,
} as const;

/** As OpenPGP numbers them; MD5 where none is said. */
const ALGORITHMS: Readonly<Record<number, "md5" | "sha1" | "sha256">> = { 1: "md5", 2: "sha1", 8: "sha256" };

const STRING = 6;
const STRINGS: ReadonlySet<number> = new Set([8, 9]);
/** Bytes of a number, by its type. */
const WIDTHS: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 2: 1, 3: 2, 4: 4 };

const ENTRY = 16;
const MODE_KIND = 0o170000;
const MODE_DIRECTORY = 0o040000;
/** Installed as it is, or on a file system that others share. What was replaced is another package's. */
const THERE: ReadonlySet<number> = new Set([0, 3]);

/** Throws RpmFormatError. */
export function readRpmHeader(bytes: Uint8Array): RpmRecord {
  const header = new Header(bytes);
  const { text } = header;
  const [epoch] = header.numbers(TAGS.epoch);
  return {
    name: text(TAGS.name),
    version: text(TAGS.version),
    release: text(TAGS.release),
    epoch: epoch === undefined ? "" : String(epoch),
    architecture: text(TAGS.architecture),
    license: text(TAGS.license),
    vendor: text(TAGS.vendor),
    packager: text(TAGS.packager),
    homepage: text(TAGS.homepage),
    sourceRpm: text(TAGS.sourceRpm),
    files: filesOf(header),
  };
}

function filesOf(header: Header): RpmFile[] {
  const names = header.texts(TAGS.names);
  const directories = header.texts(TAGS.directories);
  const numbers = header.numbers(TAGS.directoryNumbers);
  const modes = header.numbers(TAGS.fileModes);
  const states = header.numbers(TAGS.fileStates);
  const sums = header.texts(TAGS.fileSums);
  const algorithm = ALGORITHMS[header.numbers(TAGS.sumAlgorithm)[0] ?? 1];
  return names.flatMap((name, at) => {
    const isDirectory = ((modes[at] ?? 0) & MODE_KIND) === MODE_DIRECTORY;
    if (isDirectory || !THERE.has(states[at] ?? 0)) return [];
    const directory = directories[numbers[at] ?? -1];
    if (directory === undefined) throw new RpmFormatError("rpm/bad-entry", 0, "a file is in no directory");
    const hex = sums[at] ?? "";
    return [
      { path: directory + name, sum: algorithm === undefined || hex === "" ? null : { algorithm, hex } },
    ];
  });
}

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

class Header {
  readonly #data: Uint8Array;
  readonly #start: number;
  readonly #entries = new Map<number, Entry>();

  constructor(bytes: Uint8Array) {
    if (bytes.length < 8) throw new RpmFormatError("rpm/cut-short", bytes.length, "a header is cut short");
    const view = viewOf(bytes);
    const [count, length] = [view.getUint32(0), view.getUint32(4)];
    this.#start = 8 + count * ENTRY;
    if (this.#start + length > bytes.length)
      throw new RpmFormatError("rpm/cut-short", bytes.length, "a header is cut short");
    this.#data = bytes.subarray(this.#start, this.#start + length);
    for (let at = 8; at < this.#start; at += ENTRY) {
      const entry = {
        type: view.getUint32(at + 4),
        offset: view.getUint32(at + 8),
        count: view.getUint32(at + 12),
      };
      // What was added when it was installed comes last, and the first one counts.
      const tag = view.getUint32(at);
      if (!this.#entries.has(tag)) this.#entries.set(tag, entry);
    }
  }

  readonly text = (tag: number): string => this.texts(tag)[0] ?? "";

  /** One character for each byte; empty where there is no such tag. */
  texts(tag: number): string[] {
    const entry = this.#entries.get(tag);
    if (entry === undefined || (entry.type !== STRING && !STRINGS.has(entry.type))) return [];
    const count = entry.type === STRING ? 1 : entry.count;
    const texts: string[] = [];
    for (let at = entry.offset; texts.length < count; ) {
      const end = this.#data.indexOf(0, at);
      if (end === -1) throw this.#outside(entry);
      texts.push(Buffer.from(this.#data.subarray(at, end)).toString("latin1"));
      at = end + 1;
    }
    return texts;
  }

  numbers(tag: number): number[] {
    const entry = this.#entries.get(tag);
    const width = entry && WIDTHS[entry.type];
    if (entry === undefined || width === undefined) return [];
    const { offset, count } = entry;
    if (offset + count * width > this.#data.length) throw this.#outside(entry);
    const view = viewOf(this.#data);
    const at = (index: number): number => offset + index * width;
    const read = {
      1: (index: number) => view.getUint8(at(index)),
      2: (index: number) => view.getUint16(at(index)),
      4: (index: number) => view.getUint32(at(index)),
    }[width];
    return Array.from({ length: count }, (_, index) => read(index));
  }

  #outside({ offset }: Entry): RpmFormatError {
    return new RpmFormatError("rpm/bad-entry", this.#start + offset, "a value lies outside of its header");
  }
}
