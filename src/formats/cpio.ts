/**
 * The "newc" archive that an initramfs is made of: writing it.
 *
 * The bytes are those of GNU cpio 2.14 and later for `find . -print0 | LC_ALL=C sort -z | cpio -o -H newc
 * -R +0:+0 --reproducible --null`: upper-case digits, no device numbers, two links for a directory. Sources:
 * linux Documentation/driver-api/early-userspace/buffer-format.rst, GNU cpio src/copyout.c.
 */
import type { Entry } from "../core/entry.ts";
import type { ByteString } from "../core/path.ts";
import { isU32 } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

/** c_filesize has 32 bits. */
export const LARGEST_FILE = 0xffff_ffff;
export const CPIO_HEADER_SIZE = 110;
export const TRAILER_NAME = "TRAILER!!!";

/** The fields of a header in the order in which they stand in it, eight hexadecimal digits each. */
export const CPIO_FIELDS = [
  "ino",
  "mode",
  "uid",
  "gid",
  "nlink",
  "mtime",
  "size",
  "devMajor",
  "devMinor",
  "rdevMajor",
  "rdevMinor",
  "nameSize",
  "check",
] as const;
export type CpioField = (typeof CPIO_FIELDS)[number];

/** `mode` is the whole st_mode, `size` the body's bytes, `nameSize` counts the name's NUL. */
export type CpioHeader = Readonly<Record<CpioField, number>>;

export type CpioEncodeErrorCode = "not-u32";

/** The file type bits of st_mode for each kind of entry. */
export const CPIO_TYPE = {
  directory: 0o040000,
  file: 0o100000,
  symlink: 0o120000,
  char: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
  socket: 0o140000,
} as const satisfies Record<Entry["kind"], number>;

/** The 110 bytes of a header. Throws FormatError "not-u32" with the field's offset. */
export function encodeCpioHeader(header: CpioHeader): Uint8Array {
  const bytes = Buffer.alloc(CPIO_HEADER_SIZE);
  writeHeader(
    bytes,
    CPIO_FIELDS.map((field) => header[field]),
  );
  return bytes;
}

/**
 * All bytes of an entry but a file's data and the zeros behind it (`paddingAfter`): header, name, and a
 * symlink's target. `epoch` is the mtime in seconds since 1970. Throws FormatError "not-u32" for what a
 * header cannot hold, as a file of 4 GiB.
 */
export function encodeCpioEntry(entry: Entry, inode: number, epoch: number): Uint8Array {
  const name = cpioName(entry);
  const target = entry.kind === "symlink" ? cpioLinkTarget(entry.to) : "";
  const isSpecial = entry.kind === "char" || entry.kind === "block";
  const fields = [
    inode,
    CPIO_TYPE[entry.kind] | (entry.kind === "symlink" ? 0o777 : entry.mode),
    entry.uid,
    entry.gid,
    entry.kind === "directory" ? 2 : 1,
    epoch,
    entry.kind === "file" ? entry.size : target.length,
    0,
    0,
    isSpecial ? entry.major : 0,
    isSpecial ? entry.minor : 0,
    name.length + 1,
    0,
  ];
  return encodeRecord(fields, name, target);
}

/** Bytes that an entry takes in an archive, its data and all padding included. */
export function cpioSizeOf(entry: Entry): number {
  const head = padded(CPIO_HEADER_SIZE + cpioName(entry).length + 1);
  if (entry.kind === "file") return head + padded(entry.size);
  return entry.kind === "symlink" ? head + padded(cpioLinkTarget(entry.to).length) : head;
}

/** The zero bytes (0 to 3) behind a body of this many bytes. */
export function paddingAfter(size: number): Uint8Array {
  return new Uint8Array(padded(size) - size);
}

/** Bytes rounded up to the next multiple of four. */
export function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/**
 * The entry that ends an archive, 124 bytes. Variant 0 is GNU cpio's own. No reader looks at its inode, so
 * the others carry one to eight digits there that compress badly: each makes a compressed trailer about half a byte longer.
 */
export function encodeCpioTrailer(variant: number): Uint8Array {
  const digits = variant === 0 ? 0 : 1 + ((variant - 1) % 8);
  const ino = digits === 0 ? 0 : (Math.imul(variant, 0x9e37_79b1) >>> 0) >>> (32 - 4 * digits);
  return encodeRecord([ino, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, TRAILER_NAME.length + 1, 0], TRAILER_NAME, "");
}

/**
 * A symlink's target as GNU cpio writes it: a leading "./" goes, as it does from names. One that would
 * leave nothing behind stays (GNU cpio writes an empty target for "././", which the kernel drops).
 */
export function cpioLinkTarget(to: ByteString): ByteString {
  if (to === "./") return to;
  const stripped = to.replace(/^(?:\.\/+)+/, "");
  return (stripped === "" && to !== "" ? "./" : stripped) as ByteString;
}

/** The root bears the name that `find .` gives it. */
function cpioName(entry: Entry): string {
  return entry.path === "" ? "." : entry.path;
}

/** `fields` in the order of CPIO_FIELDS; name and target each with zeros up to a multiple of four. */
function encodeRecord(fields: readonly number[], name: string, target: string): Uint8Array {
  const targetAt = padded(CPIO_HEADER_SIZE + name.length + 1);
  const bytes = Buffer.allocUnsafe(targetAt + padded(target.length)).fill(0, CPIO_HEADER_SIZE);
  writeHeader(bytes, fields);
  bytes.write(name, CPIO_HEADER_SIZE, "latin1");
  if (target !== "") bytes.write(target, targetAt, "latin1");
  return bytes;
}

const MAGIC = "070701";
const DIGITS = Buffer.from("0123456789ABCDEF", "latin1");

/** Digit by digit: texts that are joined cost a large image half a second. */
function writeHeader(into: Buffer, fields: readonly number[]): void {
  let at = into.write(MAGIC, "latin1");
  for (const [index, value] of fields.entries()) {
    if (!isU32(value)) {
      throw new FormatError<CpioEncodeErrorCode>(
        "not-u32",
        at,
        `${CPIO_FIELDS[index]} ${value} does not fit`,
      );
    }
    for (let shift = 28; shift >= 0; shift -= 4) into[at++] = DIGITS[(value >>> shift) & 15]!;
  }
}
