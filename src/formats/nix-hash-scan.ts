/**
 * Finds the hash parts of store paths in bytes, as Nix does (src/libutil/references.cc): any of the 32
 * characters long windows that equals a candidate counts, whatever stands before or behind it. Every byte is
 * looked up once: a window is tested from its last byte backwards, and the first byte that is not of the
 * alphabet ends all windows that hold it, so that most bytes of a binary are never looked at.
 */
import type { ByteString } from "../core/path.ts";
import { HASH_ALPHABET, HASH_LENGTH } from "./nix-store-path.ts";

/** In the table of values: this byte is no character of a hash. */
const FOREIGN = 0xff;
const VALUES = new Uint8Array(256).fill(FOREIGN);
for (let value = 0; value < HASH_ALPHABET.length; value++) VALUES[HASH_ALPHABET.charCodeAt(value)] = value;

/** The bytes that two chunks share at most: one fewer than a hash. */
const OVERLAP = HASH_LENGTH - 1;
/** The characters that find a slot. */
const KEY_LENGTH = 6;
const KEY_MASK = 2 ** (5 * KEY_LENGTH) - 1;
/** A golden ratio multiplier: it spreads the first characters over the table. */
const SPREAD = 0x9e37_79b1;

export interface HashPlace {
  readonly at: number;
  readonly hash: ByteString;
}

type Found = (at: number, hash: ByteString) => void;

export class HashScanner {
  readonly #hashes: readonly ByteString[];
  /** The characters of all candidates, one after another. */
  readonly #characters: Uint8Array;
  /** Open addressing by the first six characters: candidate number + 1, or 0. */
  readonly #slots: Int32Array;
  readonly #shift: number;
  /** The end of the last chunk, and room for the beginning of the next. */
  readonly #border = new Uint8Array(2 * OVERLAP);
  #carried = 0;
  #found = new Set<ByteString>();
  readonly #note: Found = (_at, hash) => this.#found.add(hash);

  /** Candidates: 32 characters of the alphabet each (see parseStoreName). */
  constructor(hashes: Iterable<ByteString>) {
    this.#hashes = [...new Set(hashes)];
    this.#characters = Buffer.from(this.#hashes.join(""), "latin1");
    const bits = Math.max(8, Math.ceil(Math.log2(this.#hashes.length * 8 + 1)));
    this.#slots = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
    for (let candidate = 0; candidate < this.#hashes.length; candidate++) {
      let slot = Math.imul(keyOf(this.#characters, candidate * HASH_LENGTH), SPREAD) >>> this.#shift;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = candidate + 1;
    }
  }

  /** The next bytes of the string. A hash is found wherever the string was cut. Keeps no reference to `bytes`. */
  feed(bytes: Uint8Array): void {
    const head = Math.min(OVERLAP, bytes.length);
    if (this.#carried > 0) {
      this.#border.set(bytes.subarray(0, head), this.#carried);
      this.#scan(this.#border.subarray(0, this.#carried + head), this.#note);
    }
    this.#scan(bytes, this.#note);
    this.#carry(bytes, head);
  }

  /** The string ends here: nothing is found across two strings. */
  endOfString(): void {
    this.#carried = 0;
  }

  /** The candidates seen so far, the first seen first. */
  found(): ReadonlySet<ByteString> {
    return this.#found;
  }

  /** Forgets what was seen; the candidates stay. What `found` gave before stays as it is. */
  startOver(): void {
    this.#carried = 0;
    this.#found = new Set();
  }

  /** Every place of these bytes at which a candidate stands, the first first; they may overlap. */
  places(bytes: Uint8Array): HashPlace[] {
    const places: HashPlace[] = [];
    this.#scan(bytes, (at, hash) => places.push({ at, hash }));
    return places;
  }

  /** Keeps the last bytes of the string, at most one fewer than a hash. */
  #carry(bytes: Uint8Array, head: number): void {
    if (bytes.length >= OVERLAP) {
      this.#border.set(bytes.subarray(bytes.length - OVERLAP));
      this.#carried = OVERLAP;
      return;
    }
    const length = this.#carried + head;
    if (this.#carried === 0) this.#border.set(bytes);
    const kept = Math.min(OVERLAP, length);
    this.#border.copyWithin(0, length - kept, length);
    this.#carried = kept;
  }

  #scan(bytes: Uint8Array, tell: Found): void {
    const last = bytes.length - HASH_LENGTH;
    // How many of the window's first bytes are known to be of the alphabet.
    let known = 0;
    for (let start = 0; start <= last; ) {
      let at = start + HASH_LENGTH - 1;
      const first = start + known;
      while (at >= first && VALUES[bytes[at]!] !== FOREIGN) at--;
      if (at >= first) {
        known = start + HASH_LENGTH - 1 - at;
        start = at + 1;
      } else {
        start = this.#scanRun(bytes, start, tell);
        known = 0;
      }
    }
  }

  /**
   * From a window that is all of the alphabet on: every window until a foreign byte (long runs are rare in
   * programs and common in hexadecimal text). Gives where the next window may begin.
   */
  #scanRun(bytes: Uint8Array, start: number, tell: Found): number {
    const slots = this.#slots;
    const shift = this.#shift;
    let key = keyOf(bytes, start);
    let at = start;
    for (let next = start + HASH_LENGTH; ; next++, at++) {
      const slot = Math.imul(key, SPREAD) >>> shift;
      if (slots[slot] !== 0) this.#lookUp(bytes, { at, slot }, tell);
      if (next >= bytes.length || VALUES[bytes[next]!] === FOREIGN) return next + 1;
      key = ((key << 5) | VALUES[bytes[at + KEY_LENGTH]!]!) & KEY_MASK;
    }
  }

  #lookUp(bytes: Uint8Array, { at, slot: first }: { at: number; slot: number }, tell: Found): void {
    const mask = this.#slots.length - 1;
    for (let slot = first; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const candidate = this.#slots[slot]! - 1;
      if (this.#isAt(bytes, at, candidate)) tell(at, this.#hashes[candidate]!);
    }
  }

  #isAt(bytes: Uint8Array, start: number, candidate: number): boolean {
    const from = candidate * HASH_LENGTH;
    for (let at = 0; at < HASH_LENGTH; at++) {
      if (bytes[start + at] !== this.#characters[from + at]) return false;
    }
    return true;
  }
}

/** The first six characters of a window, five bits each. */
function keyOf(bytes: Uint8Array, start: number): number {
  let key = 0;
  for (let at = start; at < start + KEY_LENGTH; at++) key = (key << 5) | VALUES[bytes[at]!]!;
  return key;
}
