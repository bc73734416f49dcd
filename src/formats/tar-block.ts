/**
 * The blocks of a tar archive, byte by byte: what is needed to walk from member to member and to keep names and
 * attributes as the bytes they are. Sources: POSIX.1-2017 pax ("ustar Interchange Format"), GNU tar's tar.h.
 */
import type { ByteString } from "../core/path.ts";
import { FormatError } from "./format-error.ts";

export const TAR_BLOCK = 512;

const SIZE_AT = 124;
const SIZE_LENGTH = 12;
const CHECKSUM_AT = 148;
const CHECKSUM_LENGTH = 8;
const TYPE_AT = 156;
const SPACE = 0x20;
const NEWLINE = 0x0a;
const BASE_256 = 0x80;

export function isZeroBlock(block: Uint8Array): boolean {
  return block.length === TAR_BLOCK && block.every((byte) => byte === 0);
}

/** Whether this is a header: the sum of its bytes is what it says. Old tars summed signed characters. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < TAR_BLOCK || isZeroBlock(block)) return false;
  const said = readTarNumber(block, CHECKSUM_AT, CHECKSUM_LENGTH);
  return said === sumOf(block, (byte) => byte) || said === sumOf(block, (byte) => (byte << 24) >> 24);
}

function sumOf(block: Uint8Array, value: (byte: number) => number): number {
  let sum = CHECKSUM_LENGTH * SPACE;
  for (let at = 0; at < TAR_BLOCK; at++) {
    if (at < CHECKSUM_AT || at >= CHECKSUM_AT + CHECKSUM_LENGTH) sum += value(block[at]!);
  }
  return sum;
}

/** "0", "L", "x", …; what old tars write as NUL is a file. */
export function tarType(block: Uint8Array): string {
  return block[TYPE_AT] === 0 ? "0" : String.fromCharCode(block[TYPE_AT]!);
}

/** The size field: bytes of data that follow, where the type has any. Null: no number. */
export function tarSize(block: Uint8Array): number | null {
  return readTarNumber(block, SIZE_AT, SIZE_LENGTH);
}

/** Octal digits between spaces and NULs, or GNU's base 256 (top bit set). Null: neither, or below 0 or 2^53 and above. */
export function readTarNumber(block: Uint8Array, at: number, length: number): number | null {
  const field = block.subarray(at, at + length);
  if ((field[0] ?? 0) & BASE_256) {
    if (field[0] !== BASE_256) return null; // negative
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : null;
  }
  const [, digits] = /^[ \0]*([0-7]*)(?:[ \0]|$)/.exec(Buffer.from(field).toString("latin1")) ?? [];
  return digits === undefined ? null : digits === "" ? 0 : Number.parseInt(digits, 8);
}

/** The same header for a member without data: its sums are right again. */
export function withoutTarSize(block: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(block);
  copy.fill(0x30, SIZE_AT, SIZE_AT + SIZE_LENGTH - 1);
  copy[SIZE_AT + SIZE_LENGTH - 1] = SPACE;
  const sum = sumOf(copy, (byte) => byte);
  copy.set(Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `, "latin1"), CHECKSUM_AT);
  return copy;
}

/**
 * The records of a pax header ("27 path=usr/share/doc/x\n"), keys and values as bytes, in their order: a later
 * one of the same key counts. Throws FormatError (pax) with the offset in `bytes`.
 */
export function parsePaxRecords(bytes: Uint8Array): [key: ByteString, value: ByteString][] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // Each a string of its own: a piece of a longer one would keep all of it in memory.
  const text = (start: number, end: number): ByteString =>
    buffer.toString("latin1", start, end) as ByteString;
  const records: [ByteString, ByteString][] = [];
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === 0 && bytes.subarray(at).every((byte) => byte === 0)) break; // some writers pad with NULs inside the size
    const [head, digits = ""] = /^(\d{1,10}) /.exec(text(at, at + 11)) ?? [];
    const end = at + Number(digits);
    const equals = buffer.indexOf("=", at);
    const isRecord = head !== undefined && end <= bytes.length && bytes[end - 1] === NEWLINE;
    if (!isRecord || equals === -1 || equals >= end) {
      throw new FormatError("pax", at, "an extended header (pax) is damaged");
    }
    records.push([text(at + head.length, equals), text(equals + 1, end - 1)]);
    at = end;
  }
  return records;
}
