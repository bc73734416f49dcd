/**
 * Walks over a tar archive from header to header; the data of files is stepped over, not read. tar-stream decodes
 * the headers. What it would change is read here from the raw blocks: pax records (it takes them for UTF-8, which
 * destroys other names and file capabilities), sparse files (it knows none), and where the data lies.
 */
import { type Extract, extract, type Header } from "tar-stream";
import { type ByteString, showBytes } from "../core/path.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { TAR_BLOCK, tarSize, tarType, withoutTarSize } from "../formats/tar-block.ts";
import {
  type Extent,
  layOut,
  readLeadingMap,
  readOldSparse,
  readPaxSparse,
  type SparseFile,
} from "../formats/tar-sparse.ts";
import { type Found, findHeader, inBlocks, type PaxRecord, truncated } from "./tar-preface.ts";
import { uncarriedIn } from "./uncarried.ts";

export interface TarMember {
  /** Where its first header begins. */
  readonly at: number;
  /** As it is written: "./usr/bin/x", "usr/". */
  readonly name: ByteString;
  readonly kind: "file" | "directory" | "symlink" | "hard-link" | "char" | "block" | "fifo";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly major: number;
  readonly minor: number;
  /** Of a symlink or a hard link. */
  readonly to: ByteString;
  /** Bytes of a file; 0 for all others. */
  readonly size: number;
  readonly extents: readonly Extent[];
  /** What no cpio archive can carry; null: nothing. */
  readonly uncarried: string | null;
}

const U32 = 2 ** 32;
/** PATH_MAX; a name without end would make directories without end. Bytes. */
const LONGEST_NAME = 4096;

/** The package's types know neither; without them names are UTF-8 and the first tars are refused. */
const OPTIONS: Parameters<typeof extract>[0] & { filenameEncoding: string; allowUnknownFormat: boolean } = {
  filenameEncoding: "latin1",
  allowUnknownFormat: true,
};

const PATH = "path";
const LINK_PATH = "linkpath";
const SPARSE_NAME = "GNU.sparse.name";
const SPARSE_MAJOR = "GNU.sparse.major";
const SPARSE_SIZE = "GNU.sparse.size";
const SPARSE_REAL_SIZE = "GNU.sparse.realsize";

const KINDS: Readonly<Record<string, TarMember["kind"]>> = {
  "0": "file",
  "1": "hard-link",
  "2": "symlink",
  "3": "char",
  "4": "block",
  "5": "directory",
  "6": "fifo",
  "7": "file",
  D: "directory", // GNU's incremental archives: names follow as data
  S: "file",
};

/** What pax says of a member; its own records go before those that hold for all. */
type Pax = (key: string) => ByteString | undefined;

/**
 * All members in their order, to the block of zeros that ends an archive. Throws FormatError with the offset in
 * the source: no-header, truncated, pax, sparse, type, name, number.
 */
export async function* readTarMembers(source: ByteSource): AsyncGenerator<TarMember> {
  const decoder = new HeaderDecoder();
  const global = new Map<ByteString, ByteString>();
  try {
    for (let at = 0; ; ) {
      const found = findHeader(source, at, global);
      if (found.header === null) return;
      const decoded = await decoder.decode(found.header, found.at);
      const own = new Map(found.preface.records); // of several, the last
      const pax: Pax = (key) => own.get(key as ByteString) ?? global.get(key as ByteString);
      const { member, end } = memberOf({ ...found, header: found.header, pax }, decoded, source);
      if (end > source.size) throw truncated(source.size, `${showBytes(member.name)} is cut short`);
      yield member;
      at = end;
    }
  } finally {
    decoder.close();
  }
}

function memberOf(
  { memberAt, preface, at, header, pax }: Found & { readonly header: Uint8Array; readonly pax: Pax },
  decoded: Header,
  source: ByteSource,
): { readonly member: TarMember; readonly end: number } {
  const { records } = preface;
  const number = (key: string, from: number | null | undefined): number => {
    const said = pax(key);
    // Owners are whole numbers here; pax allows a fraction for times alone.
    const value = said === undefined ? from : /^\d{1,16}$/.test(said) ? Number(said) : null;
    if (value == null || !Number.isSafeInteger(value) || value < 0) {
      throw new FormatError("number", at, `a header's ${key} is no number`);
    }
    return value;
  };
  const type = tarType(header);
  const name = pax(SPARSE_NAME) ?? pax(PATH) ?? preface.longName ?? (decoded.name as ByteString);
  const to = pax(LINK_PATH) ?? preface.longLink ?? ((decoded.linkname ?? "") as ByteString);
  if (Math.max(name.length, to.length) > LONGEST_NAME) {
    throw new FormatError("name", at, "a name or a link's target has more than 4096 bytes");
  }
  const written = KINDS[type];
  if (written === undefined) {
    const what = `${showBytes(name)} is of a type that is not known: "${showBytes(type as ByteString)}"`;
    throw new FormatError("type", at, what);
  }
  // As GNU tar: a name that ends in "/" was a directory before tar had types.
  const kind = written === "file" && name.endsWith("/") ? "directory" : written;
  // Some writers give links and directories a size; no data follows them.
  const stored = "07SD".includes(type) ? number("size", tarSize(header)) : 0;
  const { size, extents, end } = contentOf({ type, header, at, stored, pax, records }, source);
  const isDevice = kind === "char" || kind === "block";
  const numbers = {
    uid: number("uid", decoded.uid),
    gid: number("gid", decoded.gid),
    major: isDevice ? number("devmajor", decoded.devmajor) : 0,
    minor: isDevice ? number("devminor", decoded.devminor) : 0,
  };
  if (Math.max(...Object.values(numbers)) >= U32) {
    throw new FormatError("number", at, `an owner or a device number of ${showBytes(name)} is too large`);
  }
  const mode = number("mode", decoded.mode) & 0o7777;
  const isFile = kind === "file";
  const content = { size: isFile ? size : 0, extents: isFile ? extents : [] };
  const uncarried = uncarriedIn(pax);
  return { member: { at: memberAt, name, kind, mode, ...numbers, to, ...content, uncarried }, end };
}

interface Stored {
  readonly type: string;
  readonly header: Uint8Array;
  readonly at: number;
  /** Bytes that follow the header. */
  readonly stored: number;
  readonly pax: Pax;
  readonly records: readonly PaxRecord[];
}

/** Where a member's bytes lie, and where the next header is. */
function contentOf(
  { type, header, at, stored, pax, records }: Stored,
  source: ByteSource,
): SparseFile & { readonly end: number } {
  const dataAt = at + TAR_BLOCK;
  const end = dataAt + inBlocks(stored);
  if (type === "S") {
    const old = readOldSparse(header, at, source);
    return {
      ...layOut(old.pieces, old.size, old.dataAt, stored),
      end: old.dataAt + inBlocks(stored),
    };
  }
  const sparseSize = pax(SPARSE_REAL_SIZE) ?? pax(SPARSE_SIZE);
  const pieces = readPaxSparse(records, at);
  if (pax(SPARSE_MAJOR) === "1") {
    const map = readLeadingMap(source, dataAt, stored);
    const left = stored - (map.dataAt - dataAt);
    return { ...layOut(map.pieces, wholeNumber(sparseSize, at), map.dataAt, left), end };
  }
  if (pieces !== null) return { ...layOut(pieces, wholeNumber(sparseSize, at), dataAt, stored), end };
  const extents = stored === 0 ? [] : [{ from: 0, at: dataAt, length: stored }];
  return { size: stored, extents, end };
}

function wholeNumber(text: ByteString | undefined, at: number): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) {
    throw new FormatError("sparse", at, "a sparse file does not say how large it is");
  }
  return Number(text);
}

/** tar-stream's extractor, given one header without data at a time. */
class HeaderDecoder {
  readonly #extract: Extract = extract(OPTIONS);
  readonly #entries = this.#extract[Symbol.asyncIterator]();

  async decode(header: Uint8Array, at: number): Promise<Header> {
    try {
      this.#extract.write(withoutTarSize(header));
      const { value, done } = await this.#entries.next();
      if (done) throw new TypeError("tar-stream ended before its input");
      value.resume();
      return value.header;
    } catch (error) {
      if (error instanceof TypeError) throw error;
      throw new FormatError("no-header", at, `a header is damaged: ${(error as Error).message}`);
    }
  }

  close(): void {
    this.#extract.on("error", () => {});
    this.#extract.destroy();
  }
}
