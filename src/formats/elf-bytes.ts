/** Words and strings of an ELF file, in its own class and byte order, every range checked. */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

export type ElfErrorCode =
  | "truncated"
  | "bad-class"
  | "bad-encoding"
  | "bad-program-headers"
  | "bad-interpreter"
  | "bad-dynamic"
  | "bad-string"
  | "bad-note";

export const ElfError = FormatError<ElfErrorCode>;

/** Read at once at least: header, program headers and interpreter of most files lie in the first of these. */
const WINDOW_SIZE = 4096;

export class ElfBytes {
  readonly bits: 32 | 64;
  readonly endian: "little" | "big";
  readonly size: number;
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #windowAt = 0;

  constructor(source: ByteSource, bits: 32 | 64, endian: "little" | "big") {
    this.#source = source;
    this.size = source.size;
    this.bits = bits;
    this.endian = endian;
  }

  /** Bytes of a word: an address, an offset, a size. */
  get wordSize(): 4 | 8 {
    return this.bits === 64 ? 8 : 4;
  }

  u16(at: number): number {
    return viewOf(this.bytes(at, 2)).getUint16(0, this.endian === "little");
  }

  u32(at: number): number {
    return viewOf(this.bytes(at, 4)).getUint32(0, this.endian === "little");
  }

  /** Above 2^53 it loses its last bits: such a place lies outside of every file anyway. */
  word(at: number): number {
    if (this.bits === 32) return this.u32(at);
    return Number(viewOf(this.bytes(at, 8)).getBigUint64(0, this.endian === "little"));
  }

  has(at: number, length: number): boolean {
    return at >= 0 && length >= 0 && at + length <= this.size;
  }

  /** All of a range, or a FormatError. Valid until the next call. */
  bytes(at: number, length: number): Uint8Array {
    if (!this.has(at, length)) {
      throw new ElfError("truncated", this.size, `the file ends before byte ${at + length}`);
    }
    const inWindow = at - this.#windowAt;
    if (inWindow < 0 || inWindow + length > this.#window.length) this.#fill(at, length);
    const from = at - this.#windowAt;
    return this.#window.subarray(from, from + length);
  }

  /** The bytes up to the first NUL, one character each; null where there is none within `most` bytes. */
  text(at: number, most: number): string | null {
    for (let length = Math.min(256, most); ; length = Math.min(length * 4, most)) {
      const bytes = this.bytes(at, Math.max(0, Math.min(length, this.size - at)));
      const nul = bytes.indexOf(0);
      if (nul !== -1) return latin1(bytes.subarray(0, nul));
      if (length >= most || bytes.length < length) return null;
    }
  }

  #fill(at: number, length: number): void {
    const window = this.#source.read(at, Math.min(Math.max(length, WINDOW_SIZE), this.size - at));
    if (window.length < length) {
      throw new ElfError("truncated", at + window.length, `the file ends before byte ${at + length}`);
    }
    this.#window = window;
    this.#windowAt = at;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
