/**
 * Flattened device trees: the form of a board's hardware description, and of a FIT image. All integers are 32 bits,
 * big-endian. Source: Devicetree Specification 0.4, chapter 5; strings are laid out as dtc does it.
 */
import { isU32, viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

export const FDT_MAGIC = 0xd00d_feed;
/** Where each field of the header begins. */
// biome-ignore format: a table
export const FDT_AT = {
  magic: 0, totalSize: 4, structure: 8, strings: 12, reservations: 16, version: 20, lastCompatible: 24, bootCpu: 28,
  stringsSize: 32, structureSize: 36,
} as const;
export const FDT_HEADER_SIZE = 40;
// biome-ignore format: a table
export const FDT_TOKEN = { beginNode: 1, endNode: 2, property: 3, nop: 4, end: 9 } as const;
export const FDT_VERSION = 17;
export const FDT_LAST_COMPATIBLE = 16;
/** One pair of zeros: nothing is reserved. */
const RESERVATIONS_SIZE = 16;

export interface FdtNode {
  /** Empty for the root. */
  readonly name: string;
  readonly properties: readonly FdtProperty[];
  readonly children: readonly FdtNode[];
}

export interface FdtProperty {
  readonly name: string;
  readonly value: FdtValue;
}

/** Bytes, or how many of them somebody else puts in its place. */
export type FdtValue = Uint8Array | FdtHole;
export interface FdtHole {
  readonly hole: number;
}

export type FdtErrorCode =
  | "truncated"
  | "bad-magic"
  | "bad-version"
  | "bad-bounds"
  | "bad-token"
  | "bad-name"
  | "bad-text"
  | "too-deep"
  | "too-many"
  | "too-large";

export const FdtError = FormatError<FdtErrorCode>;

/**
 * The whole tree in pieces, holes where they were asked for. `firstNames`: names of properties whose place in the block
 * of strings is before all others', whether they are used or not; the rest follow as they come.
 */
export function encodeFdt(root: FdtNode, firstNames: readonly string[] = []): FdtValue[] {
  const names = new Names(firstNames);
  const structure = new Pieces();
  putNode(root, names, structure);
  structure.putU32(FDT_TOKEN.end);
  const strings = names.bytes;
  const structureAt = FDT_HEADER_SIZE + RESERVATIONS_SIZE;
  const stringsAt = structureAt + structure.size;
  const head = new Uint8Array(structureAt);
  const put = (at: number, value: number): void => {
    if (!isU32(value)) throw new FdtError("too-large", at, `a device tree of ${value} bytes`);
    viewOf(head).setUint32(at, value);
  };
  put(FDT_AT.magic, FDT_MAGIC);
  put(FDT_AT.totalSize, stringsAt + strings.length);
  put(FDT_AT.structure, structureAt);
  put(FDT_AT.strings, stringsAt);
  put(FDT_AT.reservations, FDT_HEADER_SIZE);
  put(FDT_AT.version, FDT_VERSION);
  put(FDT_AT.lastCompatible, FDT_LAST_COMPATIBLE);
  put(FDT_AT.stringsSize, strings.length);
  put(FDT_AT.structureSize, structure.size);
  const whole = new Pieces();
  for (const piece of [head, ...structure.pieces(), strings]) whole.put(piece);
  return whole.pieces();
}

export function fdtU32(value: number): Uint8Array {
  if (!isU32(value)) throw new FdtError("too-large", 0, `${value} does not fit 32 unsigned bits`);
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
}

/** As U-Boot reads an address: one cell where it fits, else two. */
export function fdtAddress(value: number): Uint8Array {
  if (isU32(value)) return fdtU32(value);
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, BigInt(value));
  return bytes;
}

export function fdtText(text: string): Uint8Array {
  if (text.includes("\0")) throw new FdtError("bad-text", 0, "a text in a device tree holds no NUL");
  return new TextEncoder().encode(`${text}\0`);
}

function putNode({ name, properties, children }: FdtNode, names: Names, into: Pieces): void {
  into.putU32(FDT_TOKEN.beginNode);
  into.put(fdtText(name));
  into.align();
  for (const { name: property, value } of properties) {
    into.putU32(FDT_TOKEN.property);
    into.putU32(sizeOf(value));
    into.putU32(names.offsetOf(property));
    into.put(value);
    into.align();
  }
  for (const child of children) putNode(child, names, into);
  into.putU32(FDT_TOKEN.endNode);
}

export function sizeOf(value: FdtValue): number {
  return value instanceof Uint8Array ? value.length : value.hole;
}

/** Names one behind the other, each ended by NUL; one that ends another lies within it. */
class Names {
  #block = "";

  constructor(first: readonly string[]) {
    for (const name of first) this.offsetOf(name);
  }

  offsetOf(name: string): number {
    if (!/^[\x21-\x7e]{1,255}$/.test(name)) {
      throw new FdtError("bad-name", 0, `${JSON.stringify(name)} is no name of a property`);
    }
    const known = this.#block.indexOf(`${name}\0`);
    if (known !== -1) return known;
    const offset = this.#block.length;
    this.#block += `${name}\0`;
    return offset;
  }

  get bytes(): Uint8Array {
    return new TextEncoder().encode(this.#block);
  }
}

/** Bytes joined up to the next hole. */
class Pieces {
  size = 0;
  readonly #done: FdtValue[] = [];
  #open: Uint8Array[] = [];

  put(piece: FdtValue): void {
    this.size += sizeOf(piece);
    if (piece instanceof Uint8Array) {
      this.#open.push(piece);
      return;
    }
    this.#close();
    this.#done.push(piece);
  }

  putU32(value: number): void {
    this.put(fdtU32(value));
  }

  align(): void {
    this.put(new Uint8Array((4 - (this.size % 4)) % 4));
  }

  pieces(): FdtValue[] {
    this.#close();
    return this.#done;
  }

  #close(): void {
    const bytes = new Uint8Array(this.#open.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const piece of this.#open) {
      bytes.set(piece, at);
      at += piece.length;
    }
    if (bytes.length > 0) this.#done.push(bytes);
    this.#open = [];
  }
}
