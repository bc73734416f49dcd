/**
 * Walking the newc archives of an initramfs as the kernel does, over bytes that come in pieces. No file's
 * data is ever held. Source: linux init/initramfs.c (the state machine of 7.2, which refuses what older
 * kernels let pass: digits that are none, a name without its NUL).
 */
import type { ByteString } from "../core/path.ts";
import { CPIO_FIELDS, CPIO_HEADER_SIZE, type CpioHeader, padded, TRAILER_NAME } from "./cpio.ts";
import {
  type BegunEntry,
  CpioError,
  type CpioErrorCode,
  decodeCpioHeader,
  isCrcHeader,
  isSymlink,
  SKIPPED,
  type SkipReason,
  skipReason,
} from "./cpio-header.ts";

export { KERNEL_PATH_MAX } from "./cpio-header.ts";
export type { CpioErrorCode, SkipReason };

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
  /** An entry with a sum of its data (070702), which older kernels do not know. */
  summed?(offset: number): void;
  /** An entry that the kernel passes over without a word; `why` is for people. */
  skipped?(offset: number, why: string, reason: SkipReason): void;
}

type State = "between" | "header" | "name" | "link" | "data" | "skip";

export class CpioDecoder {
  readonly #visitor: CpioVisitor;
  /** How many bytes went before, from the beginning of the image or the member. */
  #offset: number;
  #state: State = "between";
  /** Bytes of the state still to come. */
  #wanted = 0;
  readonly #held: Uint8Array[] = [];
  #entry: BegunEntry = NO_ENTRY;
  #isCrc = false;
  #sum = 0;
  #at = 0;

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
   * Bytes to come that nobody looks at: a file's data where the visitor takes none, and padding. Whoever can
   * reach the bytes behind them need not read them: `skip`.
   */
  get unseen(): number {
    const isUnseen = this.#state === "skip" || (this.#state === "data" && !this.#isLookedAt);
    return isUnseen ? this.#wanted : 0;
  }

  /** Goes on behind bytes that were not read, at most `unseen` of them. */
  skip(count: number): void {
    if (count > this.unseen) throw new RangeError(`${count} bytes to skip, and ${this.unseen} unseen`);
    if (count > 0) this.#pass(NOTHING, 0, count);
  }

  /**
   * Takes bytes; gives how many of them belong to archives: fewer than all when, between two entries,
   * something stands that is neither a header nor zeros. Throws FormatError for what the kernel refuses.
   */
  push(bytes: Uint8Array): number {
    const buffer = bufferOf(bytes);
    let at = 0;
    while (at < buffer.length) {
      if (this.#state === "between") {
        const next = skipZeros(buffer, at);
        this.#offset += next - at;
        at = next;
        if (at === buffer.length || buffer[at] !== 0x30) return at;
        if (this.#offset % 4 !== 0) this.#fail("broken-padding", "an archive must begin at a multiple of 4");
        this.#at = this.#offset;
        this.#await("header", CPIO_HEADER_SIZE);
      }
      const count = Math.min(buffer.length - at, this.#wanted);
      this.#pass(buffer, at, count);
      at += count;
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

  get #isLookedAt(): boolean {
    return this.#isCrc || this.#visitor.data !== undefined;
  }

  /** Gives the state the next `count` bytes, at most as many as it wants. */
  #pass(bytes: Buffer, at: number, count: number): void {
    this.#offset += count;
    this.#wanted -= count;
    switch (this.#state) {
      case "skip":
        if (this.#wanted === 0) this.#state = "between";
        return;
      case "data":
        this.#takeData(bytes, at, count);
        return;
      default:
        this.#takeWhole(bytes, at, count);
    }
  }

  /** Headers, names and targets are read where they lie; one that is cut between two pieces is put together. */
  #takeWhole(bytes: Buffer, at: number, count: number): void {
    if (this.#wanted === 0 && this.#held.length === 0) {
      this.#endWhole(bytes, at);
      return;
    }
    this.#held.push(Uint8Array.from(bytes.subarray(at, at + count)));
    if (this.#wanted === 0) this.#endWhole(Buffer.concat(this.#held), 0);
  }

  #endWhole(bytes: Buffer, at: number): void {
    if (this.#state === "header") this.#endHeader(bytes, at);
    else if (this.#state === "name") this.#endName(bytes, at);
    else this.#endLink(bytes, at);
  }

  #takeData(bytes: Buffer, at: number, count: number): void {
    if (this.#isLookedAt && count > 0) {
      const piece = bytes.subarray(at, at + count);
      this.#visitor.data?.(piece);
      if (this.#isCrc) for (const byte of piece) this.#sum = (this.#sum + byte) >>> 0;
    }
    if (this.#wanted > 0) return;
    if (this.#isCrc && this.#sum !== this.#entry.check) {
      this.#fail("bad-checksum", `the data's sum should be ${this.#entry.check}, and is ${this.#sum}`);
    }
    this.#skip(padded(this.#entry.size) - this.#entry.size);
  }

  #endHeader(bytes: Buffer, at: number): void {
    this.#entry = decodeCpioHeader(bytes, at, this.#at);
    this.#isCrc = isCrcHeader(bytes, at);
    this.#sum = 0;
    if (this.#isCrc) this.#visitor.summed?.(this.#at);
    const { nameSize, size, mode } = this.#entry;
    const nameRoom = padded(CPIO_HEADER_SIZE + nameSize) - CPIO_HEADER_SIZE;
    const reason = skipReason(nameSize, size, mode);
    if (reason === null) {
      this.#await("name", nameRoom);
    } else {
      this.#visitor.skipped?.(this.#at, SKIPPED[reason], reason);
      this.#skip(nameRoom + padded(size));
    }
  }

  #endName(bytes: Buffer, at: number): void {
    const entry = this.#entry;
    const { nameSize, size, mode } = entry;
    if (bytes[at + nameSize - 1] !== 0) this.#fail("bad-name", "a name does not end with NUL");
    entry.name = textUntilNul(bytes, at, nameSize);
    if (entry.name === TRAILER_NAME) {
      this.#visitor.trailer?.(this.#at);
      this.#skip(padded(size));
    } else if (isSymlink(mode) && size > 0) {
      this.#await("link", padded(size));
    } else {
      if (isSymlink(mode)) entry.to = "" as ByteString;
      this.#visitor.entry(entry);
      if (size > 0) this.#await("data", size);
      else this.#state = "between";
    }
  }

  #endLink(bytes: Buffer, at: number): void {
    this.#entry.to = textUntilNul(bytes, at, this.#entry.size);
    this.#visitor.entry(this.#entry);
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

  #fail(code: CpioErrorCode, message: string): never {
    throw new CpioError(code, this.#state === "between" ? this.#offset : this.#at, message);
  }
}

const NOTHING = Buffer.alloc(0);
const NO_ENTRY = decodeCpioHeader(Buffer.from(`070701${"0".repeat(8 * CPIO_FIELDS.length)}`), 0, 0);

/** The text of at most `size` bytes, up to the first NUL. */
function textUntilNul(bytes: Buffer, at: number, size: number): ByteString {
  const nul = bytes.indexOf(0, at);
  return bytes.toString("latin1", at, nul === -1 || nul > at + size ? at + size : nul) as ByteString;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function skipZeros(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at;
}
