/** Decoding the header of a newc entry, or of one with a checksum ("crc"). Source: linux init/initramfs.c, parse_header(). */
import type { ByteString } from "../core/path.ts";
import { CPIO_FIELDS, type CpioHeader } from "./cpio.ts";
import { FormatError } from "./format-error.ts";

export type CpioErrorCode =
  | "no-magic"
  | "old-format"
  | "bad-digits"
  | "bad-name"
  | "bad-checksum"
  | "broken-padding"
  | "truncated";

export const CpioError = FormatError<CpioErrorCode>;

const MAGIC_SIZE = 6;
const FIELD_SIZE = 8;

/** An entry as far as it was read: what stands behind its header is filled in. */
export interface BegunEntry extends CpioHeader {
  readonly offset: number;
  name: ByteString;
  to: ByteString | null;
}

/** The entry whose header's 110 bytes stand at `at`. Throws FormatError with the header's own `offset`. */
export function decodeCpioHeader(bytes: Buffer, at: number, offset: number): BegunEntry {
  const magic = bytes.toString("latin1", at, at + MAGIC_SIZE);
  if (magic === "070707")
    throw new CpioError("old-format", offset, "an archive in the old portable format (odc), not newc");
  if (magic !== "070701" && magic !== "070702") throw new CpioError("no-magic", offset, "no newc header");
  const field = (index: number): number => {
    const value = hexNumber(bytes, at + MAGIC_SIZE + index * FIELD_SIZE);
    if (value !== null) return value;
    throw new CpioError("bad-digits", offset, `${CPIO_FIELDS[index]} is not eight hexadecimal digits`);
  };
  // In the order of CPIO_FIELDS. One literal that becomes the entry: copies were the greater part of a list's cost.
  return {
    ino: field(0),
    mode: field(1),
    uid: field(2),
    gid: field(3),
    nlink: field(4),
    mtime: field(5),
    size: field(6),
    devMajor: field(7),
    devMinor: field(8),
    rdevMajor: field(9),
    rdevMinor: field(10),
    nameSize: field(11),
    check: field(12),
    offset,
    name: "" as ByteString,
    to: null,
  };
}

/** Whether the header of an entry says the sum of its data. */
export function isCrcHeader(bytes: Buffer, at: number): boolean {
  return bytes[at + MAGIC_SIZE - 1] === 0x32;
}

/** Null: not eight hexadecimal digits. */
function hexNumber(bytes: Buffer, start: number): number | null {
  let value = 0;
  for (let at = start; at < start + FIELD_SIZE; at++) {
    const digit = hexDigit(bytes[at]!);
    if (digit < 0) return null;
    value = value * 16 + digit;
  }
  return value;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** What the kernel takes for a path at most, the NUL included; it skips an entry with more. */
export const KERNEL_PATH_MAX = 4096;

export type SkipReason = "no-name" | "long-name" | "long-target" | "odd-data";

/** For people. */
export const SKIPPED: Readonly<Record<SkipReason, string>> = {
  "no-name": "it has no name",
  "long-name": `its name has more than ${KERNEL_PATH_MAX - 1} bytes`,
  "long-target": `its target has more than ${KERNEL_PATH_MAX} bytes`,
  "odd-data": "it has data and is no regular file",
};

/** Why the kernel passes an entry over; null where it takes it. */
export function skipReason(nameSize: number, size: number, mode: number): SkipReason | null {
  if (nameSize === 0) return "no-name";
  if (nameSize > KERNEL_PATH_MAX) return "long-name";
  if (isSymlink(mode)) return size > KERNEL_PATH_MAX ? "long-target" : null;
  return size > 0 && (mode & 0o170000) !== 0o100000 ? "odd-data" : null;
}

export function isSymlink(mode: number): boolean {
  return (mode & 0o170000) === 0o120000;
}
