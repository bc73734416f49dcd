/** Small ELF files for tests: header, program headers, dynamic section and strings, and no code. */

export interface ElfWish {
  readonly bits?: 32 | 64;
  readonly endian?: "little" | "big";
  /** e_machine; x86-64 where nothing is said. */
  readonly machine?: number;
  readonly flags?: number;
  readonly osabi?: number;
  /** e_type; 3 (shared or position-independent) where nothing is said. */
  readonly type?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  /** Names of functions in the string table. */
  readonly imports?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  readonly auxiliary?: readonly string[];
  readonly filter?: readonly string[];
  /** DT_FLAGS_1. */
  readonly flags1?: number;
  /** False: no dynamic section at all. */
  readonly isDynamic?: boolean;
  /** Descriptions of `.note.dlopen`, JSON as a rule. */
  readonly notes?: readonly string[];
  /** Stands behind everything, loaded with the rest. */
  readonly tail?: string;
}

/** Addresses differ from places in the file, so that one taken for the other is noticed. */
const BASE = 0x10000;
/** The loader maps nothing that is not aligned to pages. */
const PAGE_SIZE = 0x1000;

export function writeElf(wish: ElfWish = {}): Buffer {
  const bits = wish.bits ?? 64;
  const word = bits / 8;
  const strings = new Strings();
  const entries = wish.isDynamic === false ? [] : dynamicEntries(wish, strings);
  const notes = noteBytes(wish);
  const headers = [
    1,
    ...(notes.length === 0 ? [] : [4]),
    ...(wish.interpreter === undefined ? [] : [3]),
    ...(entries.length === 0 ? [] : [2]),
  ];
  const ends = layOut([
    bits === 64 ? 64 : 52,
    headers.length * (bits === 64 ? 56 : 32),
    wish.interpreter === undefined ? 0 : wish.interpreter.length + 1,
    strings.size,
    entries.length === 0 ? 0 : (entries.length + 3) * 2 * word,
    notes.length,
    wish.tail?.length ?? 0,
  ]);
  const [headersAt = 0, interpreterAt = 0, stringsAt = 0, dynamicAt = 0, notesAt = 0, tailAt = 0, size = 0] =
    ends;
  const out = new Writer(size, bits, wish.endian ?? "little");
  writeHeader(out, wish, headersAt, headers.length);
  const segments: Record<number, [at: number, size: number]> = {
    1: [0, size],
    2: [dynamicAt, (entries.length + 3) * 2 * word],
    4: [notesAt, notes.length],
    3: [interpreterAt, (wish.interpreter?.length ?? 0) + 1],
  };
  out.at = headersAt;
  for (const type of headers) writeSegment(out, type, ...segments[type]!);
  out.bytes.write(`${wish.interpreter ?? ""}\0`, interpreterAt, "latin1");
  out.bytes.write(strings.text, stringsAt, "latin1");
  out.at = dynamicAt;
  if (entries.length > 0) {
    for (const [tag, value] of [...entries, [5, BASE + stringsAt], [10, strings.size], [0, 0]] as const) {
      out.word(tag);
      out.word(value);
    }
  }
  out.bytes.set(notes, notesAt);
  out.bytes.write(wish.tail ?? "", tailAt, "latin1");
  return out.bytes;
}

const DLOPEN_NOTE = 0x407c0c0a;

function noteBytes({ notes = [], endian = "little" }: ElfWish): Buffer {
  const parts = notes.map((text) => {
    const size = Buffer.byteLength(text) + 1;
    const out = new Writer(16 + Math.ceil(size / 4) * 4, 32, endian);
    for (const value of [4, size, DLOPEN_NOTE]) out.u32(value);
    out.bytes.write("FDO\0", 12, "latin1");
    out.bytes.write(text, 16, "utf8");
    return out.bytes;
  });
  return Buffer.concat(parts);
}

type Entry = readonly [tag: number, value: number];

function dynamicEntries(wish: ElfWish, strings: Strings): Entry[] {
  const all = (tag: number, texts: readonly string[] = []): Entry[] =>
    texts.map((text) => [tag, strings.add(text)]);
  const one = (tag: number, text: string | undefined) => all(tag, text === undefined ? [] : [text]);
  for (const name of wish.imports ?? []) strings.add(name);
  return [
    ...all(1, wish.needed),
    ...one(14, wish.soname),
    ...one(15, wish.rpath),
    ...one(29, wish.runpath),
    ...all(0x7fff_fffd, wish.auxiliary),
    ...all(0x7fff_ffff, wish.filter),
    [0x6fff_fffb, wish.flags1 ?? 0],
  ];
}

function writeHeader(out: Writer, wish: ElfWish, headersAt: number, count: number): void {
  const is64 = out.bits === 64;
  const ident = [0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, out.endian === "little" ? 1 : 2, 1, wish.osabi ?? 0];
  out.bytes.set(ident);
  out.at = 16;
  out.u16(wish.type ?? 3);
  out.u16(wish.machine ?? 62);
  out.u32(1);
  out.word(0); // entry
  out.word(headersAt);
  out.word(0); // section headers
  out.u32(wish.flags ?? 0);
  out.u16(is64 ? 64 : 52);
  out.u16(is64 ? 56 : 32);
  out.u16(count);
}

function writeSegment(out: Writer, type: number, at: number, size: number): void {
  const is64 = out.bits === 64;
  out.u32(type);
  if (is64) out.u32(4);
  for (const value of [at, BASE + at, BASE + at, size, size]) out.word(value);
  if (!is64) out.u32(4);
  out.word(type === 1 ? PAGE_SIZE : type === 4 ? 4 : 1);
}

/** Where each part ends, each beginning at a multiple of 8. */
function layOut(sizes: readonly number[]): number[] {
  let end = 0;
  return sizes.map((size) => {
    end = Math.ceil((end + size) / 8) * 8;
    return end;
  });
}

class Strings {
  text = "\0";

  get size(): number {
    return this.text.length;
  }

  add(text: string): number {
    const at = this.text.length;
    this.text += `${text}\0`;
    return at;
  }
}

class Writer {
  readonly bytes: Buffer;
  readonly bits: 32 | 64;
  readonly endian: "little" | "big";
  at = 0;

  constructor(size: number, bits: 32 | 64, endian: "little" | "big") {
    this.bytes = Buffer.alloc(size);
    this.bits = bits;
    this.endian = endian;
  }

  u16(value: number): void {
    if (this.endian === "little") this.bytes.writeUInt16LE(value, this.at);
    else this.bytes.writeUInt16BE(value, this.at);
    this.at += 2;
  }

  u32(value: number): void {
    if (this.endian === "little") this.bytes.writeUInt32LE(value, this.at);
    else this.bytes.writeUInt32BE(value, this.at);
    this.at += 4;
  }

  word(value: number): void {
    if (this.bits === 32) {
      this.u32(value);
      return;
    }
    if (this.endian === "little") this.bytes.writeBigUInt64LE(BigInt(value), this.at);
    else this.bytes.writeBigUInt64BE(BigInt(value), this.at);
    this.at += 8;
  }
}
