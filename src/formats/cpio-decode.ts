/**
 * Walking the newc archives of an initramfs as the kernel does, over bytes that come in pieces. No file's
 * data is ever held. Source: linux init/initramfs.c (the state machine of 7.2, which refuses what older
 * kernels let pass: digits that are none, a name without its NUL).
 */
import type { ByteString } from "../core/path.ts";
import { CPIO_FIELDS, CPIO_HEADER_SIZE, type CpioHeader, padded, TRAILER_NAME } from "./cpio.ts";
import { FormatError } from "./format-error.ts";

/** What the kernel takes for a path at most, the NUL included; it skips an entry with more. */
export const KERNEL_PATH_MAX = 4096;

export interface CpioEntry extends CpioHeader {
  /** Where the header begins, counted as the decoder's `start` says. */
  readonly offset: number;
  readonly name: ByteString;
  /** A symlink's target, up to its first NUL; null for all others. */
  readonly to: ByteString | null;
}

export interface CpioVisitor {
  entry(entry: CpioEntry): void;
  /** A piece of the data of the regular file last given to `entry`; valid during the call. */
  data?(piece: Uint8Array): void;
  trailer?(offset: number): void;
  /** An entry that the kernel passes over without a word. */
  skipped?(offset: number, why: string): void;
}

export type CpioErrorCode =
  | "no-magic"
  | "old-format"
  | "bad-digits"
  | "bad-name"
  | "bad-checksum"
  | "broken-padding"
  | "truncated";

const CpioError = FormatError<CpioErrorCode>;

type State = "between" | "header" | "name" | "link" | "data" | "skip";

export class CpioDecoder {
  readonly #visitor: CpioVisitor;
  /** How many bytes went before, from the beginning of the image or the member. */
  #offset: number;
  #state: State = "between";
  /** Bytes of the state still to come. */
  #wanted = 0;
  readonly #held: Uint8Array[] = [];
  #header: CpioHeader = DUMMY_HEADER;
  #isCrc = false;
  #sum = 0;
  #at = 0;
  #name = "" as ByteString;

  /** `start`: the offset of the first byte; archives begin at multiples of four. */
  constructor(visitor: CpioVisitor, start = 0) {
    this.#visitor = visitor;
    this.#offset = start;
  }

  /** Whether an archive may end here: no entry has begun that is not over. */
  get isBetweenEntries(): boolean {
    return this.#state === "between";
  }

  get offset(): number {
    return this.#offset;
  }

  /**
   * Takes bytes; gives how many of them belong to archives: fewer than all when, between two entries,
   * something stands that is neither a header nor zeros. Throws FormatError for what the kernel refuses.
   */
  push(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      if (this.#state === "between") {
        const next = skipZeros(bytes, at);
        this.#offset += next - at;
        at = next;
        if (at === bytes.length || bytes[at] !== 0x30) return at;
        if (this.#offset % 4 !== 0) this.#fail("broken-padding", "an archive must begin at a multiple of 4");
        this.#at = this.#offset;
        this.#await("header", CPIO_HEADER_SIZE);
      }
      const piece = bytes.subarray(at, Math.min(bytes.length, at + this.#wanted));
      at += piece.length;
      this.#offset += piece.length;
      this.#wanted -= piece.length;
      this.#take(piece);
    }
    return at;
  }

  /**
   * Says that no byte comes after. What is missing of the last entry's padding does not matter to an archive
   * that is not compressed; otherwise an unfinished entry throws FormatError "truncated".
   */
  finish(): void {
    if (this.#state !== "between" && !(this.#state === "skip" && this.#wanted < 4)) {
      this.#fail("truncated", "the archive ends inside an entry");
    }
  }

  #take(piece: Uint8Array): void {
    switch (this.#state) {
      case "data":
        this.#takeData(piece);
        return;
      case "header":
      case "name":
      case "link":
        this.#held.push(this.#wanted === 0 && this.#held.length === 0 ? piece : Uint8Array.from(piece));
        break;
      default:
        break;
    }
    if (this.#wanted > 0) return;
    if (this.#state === "skip") this.#state = "between";
    else if (this.#state === "header") this.#endHeader(this.#collected());
    else if (this.#state === "name") this.#endName(this.#collected());
    else this.#endLink(this.#collected());
  }

  #takeData(piece: Uint8Array): void {
    if (piece.length > 0) this.#visitor.data?.(piece);
    if (this.#isCrc) for (const byte of piece) this.#sum = (this.#sum + byte) >>> 0;
    if (this.#wanted > 0) return;
    if (this.#isCrc && this.#sum !== this.#header.check) {
      this.#fail("bad-checksum", `the data's sum should be ${this.#header.check}, and is ${this.#sum}`);
    }
    this.#skip(padded(this.#header.size) - this.#header.size);
  }

  #endHeader(bytes: Uint8Array): void {
    const magic = byteString(bytes.subarray(0, 6));
    if (magic === "070707") this.#fail("old-format", "an archive in the old portable format (odc), not newc");
    if (magic !== "070701" && magic !== "070702") this.#fail("no-magic", "no newc header");
    this.#isCrc = magic === "070702";
    this.#sum = 0;
    this.#header = this.#fields(bytes);
    const { nameSize, size, mode } = this.#header;
    const nameRoom = padded(CPIO_HEADER_SIZE + nameSize) - CPIO_HEADER_SIZE;
    const why = skipReason(nameSize, size, mode);
    if (why === null) {
      this.#await("name", nameRoom);
    } else {
      this.#visitor.skipped?.(this.#at, why);
      this.#skip(nameRoom + padded(size));
    }
  }

  #fields(bytes: Uint8Array): CpioHeader {
    const header: Record<string, number> = {};
    CPIO_FIELDS.forEach((field, index) => {
      let value = 0;
      for (let at = 6 + index * 8; at < 14 + index * 8; at++) {
        const digit = hexDigit(bytes[at] ?? 0);
        if (digit < 0) this.#fail("bad-digits", `${field} is not eight hexadecimal digits`);
        value = value * 16 + digit;
      }
      header[field] = value;
    });
    return header as CpioHeader;
  }

  #endName(bytes: Uint8Array): void {
    const { nameSize, size, mode } = this.#header;
    if (bytes[nameSize - 1] !== 0) this.#fail("bad-name", "a name does not end with NUL");
    this.#name = byteString(bytes.subarray(0, bytes.indexOf(0)));
    if (this.#name === TRAILER_NAME) {
      this.#visitor.trailer?.(this.#at);
      this.#skip(padded(size));
    } else if (isSymlink(mode) && size > 0) {
      this.#await("link", padded(size));
    } else {
      const to = isSymlink(mode) ? ("" as ByteString) : null;
      this.#visitor.entry({ ...this.#header, offset: this.#at, name: this.#name, to });
      if (size > 0) this.#await("data", size);
      else this.#state = "between";
    }
  }

  #endLink(bytes: Uint8Array): void {
    const target = bytes.subarray(0, this.#header.size);
    const nul = target.indexOf(0);
    const to = byteString(nul === -1 ? target : target.subarray(0, nul));
    this.#visitor.entry({ ...this.#header, offset: this.#at, name: this.#name, to });
    this.#state = "between";
  }

  #await(state: State, wanted: number): void {
    this.#state = state;
    this.#wanted = wanted;
    this.#held.length = 0;
  }

  #skip(wanted: number): void {
    if (wanted > 0) this.#await("skip", wanted);
    else this.#state = "between";
  }

  #collected(): Uint8Array {
    return this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held);
  }

  #fail(code: CpioErrorCode, message: string): never {
    throw new CpioError(code, this.#state === "between" ? this.#offset : this.#at, message);
  }
}

const DUMMY_HEADER = Object.fromEntries(CPIO_FIELDS.map((field) => [field, 0])) as unknown as CpioHeader;

/** Why the kernel passes an entry over; null where it takes it. */
function skipReason(nameSize: number, size: number, mode: number): string | null {
  if (nameSize === 0) return "it has no name";
  if (nameSize > KERNEL_PATH_MAX) return `its name has more than ${KERNEL_PATH_MAX - 1} bytes`;
  if (isSymlink(mode))
    return size > KERNEL_PATH_MAX ? `its target has more than ${KERNEL_PATH_MAX} bytes` : null;
  return size > 0 && (mode & 0o170000) !== 0o100000 ? "it has data and is no regular file" : null;
}

function byteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1") as ByteString;
}

function isSymlink(mode: number): boolean {
  return (mode & 0o170000) === 0o120000;
}

function skipZeros(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
