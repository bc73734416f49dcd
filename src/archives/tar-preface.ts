/** What stands before a member's own header: pax records, for it or for all that follow, and GNU's long names. */
import { type ByteString, byteString } from "../core/path.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import {
  isTarHeader,
  isZeroBlock,
  parsePaxRecords,
  TAR_BLOCK,
  tarSize,
  tarType,
} from "../formats/tar-block.ts";

/** A name or a set of attributes; what is larger is no header. Bytes. */
const LARGEST_RECORD = 1 << 20;
/** Of all that stands before one member. Bytes. */
const LARGEST_PREFACE = 4 << 20;
/** What holds for all members is kept until the archive's end: so many records, each header so large. Bytes. */
const MOST_GLOBAL = 1000;
const LARGEST_GLOBAL = 1 << 16;

export type PaxRecord = readonly [key: ByteString, value: ByteString];

/** What the headers in front of a member's own say. */
export interface Preface {
  readonly records: PaxRecord[];
  longName: ByteString | null;
  longLink: ByteString | null;
}

/** A member's own header, and what stood before it. */
export interface Found {
  readonly memberAt: number;
  readonly preface: Preface;
  /** Where its own header is, and its bytes; null: the archive ends here. */
  readonly at: number;
  readonly header: Uint8Array | null;
}

/** Steps over what GNU and pax put before a header. */
export function findHeader(source: ByteSource, memberAt: number, global: Map<ByteString, ByteString>): Found {
  const preface: Preface = { records: [], longName: null, longLink: null };
  for (let at = memberAt, bytesBefore = 0; ; ) {
    const header = Uint8Array.from(source.read(at, TAR_BLOCK));
    if (header.length < TAR_BLOCK) throw truncated(source.size, "its end is missing");
    if (isZeroBlock(header)) {
      const { records, longName, longLink } = preface;
      const isAnnounced = records.length > 0 || longName !== null || longLink !== null;
      if (isAnnounced) throw truncated(at, "a member is announced and does not follow");
      return { memberAt, preface, at, header: null };
    }
    const type = tarType(header);
    if (!isTarHeader(header)) throw new FormatError("no-header", at, "there is no header of tar");
    if (!"gxXLKV".includes(type)) {
      return { memberAt, preface, at, header };
    }
    const size = tarSize(header);
    if (size === null || size > (type === "g" ? LARGEST_GLOBAL : LARGEST_RECORD)) {
      throw new FormatError("number", at, "an extended header of more than 1 MiB, or 64 KiB for all members");
    }
    bytesBefore += size;
    if (bytesBefore > LARGEST_PREFACE) {
      throw new FormatError("number", at, "extended headers of more than 4 MiB before one member");
    }
    const bytes = Uint8Array.from(source.read(at + TAR_BLOCK, size));
    if (bytes.length < size) throw truncated(source.size, "an extended header is cut short");
    if (type === "L") preface.longName = untilNul(bytes);
    else if (type === "K") preface.longLink = untilNul(bytes);
    else if (type === "g") addGlobal(recordsIn(bytes, at), at, global);
    else if (type !== "V") for (const record of recordsIn(bytes, at)) preface.records.push(record);
    at += TAR_BLOCK + inBlocks(size);
  }
}

function addGlobal(records: readonly PaxRecord[], at: number, global: Map<ByteString, ByteString>): void {
  for (const [key, value] of records) global.set(key, value);
  if (global.size > MOST_GLOBAL)
    throw new FormatError("pax", at, "too many records that hold for all members");
}

function recordsIn(bytes: Uint8Array, at: number): readonly PaxRecord[] {
  try {
    return parsePaxRecords(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.code, at + TAR_BLOCK + error.offset, error.message);
  }
}

function untilNul(bytes: Uint8Array): ByteString {
  const nul = bytes.indexOf(0);
  return byteString(nul === -1 ? bytes : bytes.subarray(0, nul));
}

/** Data is followed by zeros to the next block. */
export function inBlocks(size: number): number {
  return Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
}

export function truncated(at: number, what: string): FormatError {
  return new FormatError("truncated", at, `the archive is cut short: ${what}`);
}
