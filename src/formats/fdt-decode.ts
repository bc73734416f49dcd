/**
 * Reads a flattened device tree in place: names and where values lie, so that one that holds a kernel is never held
 * itself. What the header promises is checked against the bytes, and what the tree may cost is bounded.
 */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import {
  FDT_AT,
  FDT_HEADER_SIZE,
  FDT_LAST_COMPATIBLE,
  FDT_MAGIC,
  FDT_TOKEN,
  FDT_VERSION,
  FdtError,
} from "./fdt.ts";

/** More than any board's: a device tree of some bytes that repeat themselves costs no more than this. */
const MOST_NODES = 100_000;
/** NOPs are counted with them. */
const MOST_PROPERTIES = 300_000;
const DEEPEST = 64;
const MOST_STRINGS = 2 ** 20;
/** Names have up to 31 letters by the specification; dtc takes longer ones. Bytes. */
const LONGEST_NAME = 255;

export interface DecodedFdt {
  /** Bytes, as the header says: what stands behind is no part of it. */
  readonly totalSize: number;
  readonly root: DecodedNode;
}

export interface DecodedNode {
  readonly name: string;
  /** By name; of two with one name the first counts, as for libfdt. */
  readonly properties: ReadonlyMap<string, PlacedValue>;
  readonly children: readonly DecodedNode[];
}

/** Where a value lies in the source. */
export interface PlacedValue {
  readonly offset: number;
  readonly size: number;
}

/** Whether these bytes begin as a device tree does. */
export function isFdt(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0) === FDT_MAGIC;
}

/** Throws FormatError (FdtErrorCode) with the offset in the source. */
export function decodeFdt(source: ByteSource): DecodedFdt {
  return new FdtReader(source).read();
}

export function childOf(node: DecodedNode, name: string): DecodedNode | null {
  return node.children.find((child) => child.name === name) ?? null;
}

class FdtReader {
  readonly #source: ByteSource;
  readonly #strings: Uint8Array;
  readonly #totalSize: number;
  /** Where the next token stands, and where the last may end. */
  #at: number;
  readonly #end: number;
  #nodes = 0;
  #properties = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    const head = Uint8Array.from(source.read(0, FDT_HEADER_SIZE));
    if (!isFdt(head)) throw new FdtError("bad-magic", 0, "a device tree begins with d00dfeed");
    if (head.length < FDT_HEADER_SIZE) {
      throw new FdtError("truncated", head.length, "a device tree's header has 40 bytes");
    }
    const field = (name: keyof typeof FDT_AT): number => viewOf(head).getUint32(FDT_AT[name]);
    const version = field("version");
    if (version < FDT_LAST_COMPATIBLE || field("lastCompatible") > FDT_VERSION) {
      throw new FdtError(
        "bad-version",
        FDT_AT.version,
        `version ${version} of device trees is not known here`,
      );
    }
    this.#totalSize = field("totalSize");
    if (this.#totalSize > source.size) {
      throw new FdtError("truncated", source.size, `a device tree promises ${this.#totalSize} bytes`);
    }
    const stringsSize = field("stringsSize");
    if (stringsSize > MOST_STRINGS) {
      throw new FdtError("too-large", FDT_AT.stringsSize, `${stringsSize} bytes of names in a device tree`);
    }
    this.#checkRange(FDT_AT.strings, field("strings"), stringsSize);
    this.#strings = Uint8Array.from(source.read(field("strings"), stringsSize));
    this.#at = field("structure");
    // Before version 17 the header did not say where the structure ends.
    const size = version < FDT_VERSION ? this.#totalSize - this.#at : field("structureSize");
    this.#checkRange(FDT_AT.structure, this.#at, size);
    if (this.#at % 4 !== 0) throw this.#fail("bad-bounds", "its structure begins at no multiple of 4");
    this.#end = this.#at + size;
  }

  read(): DecodedFdt {
    if (this.#token() !== FDT_TOKEN.beginNode) throw this.#fail("bad-token", "no root node");
    const root = this.#node(0);
    if (this.#token() !== FDT_TOKEN.end) throw this.#fail("bad-token", "something follows the root node");
    return { totalSize: this.#totalSize, root };
  }

  /** Behind its token. */
  #node(depth: number): DecodedNode {
    if (depth > DEEPEST) throw this.#fail("too-deep", `more than ${DEEPEST} nodes within one another`);
    if (++this.#nodes > MOST_NODES) throw this.#fail("too-many", `more than ${MOST_NODES} nodes`);
    const name = this.#name();
    const properties = new Map<string, PlacedValue>();
    const children: DecodedNode[] = [];
    for (;;) {
      const token = this.#token();
      if (token === FDT_TOKEN.endNode) return { name, properties, children };
      if (token === FDT_TOKEN.beginNode) children.push(this.#node(depth + 1));
      else if (token === FDT_TOKEN.property) this.#property(properties);
      else throw this.#fail("bad-token", `token ${token} within a node`);
    }
  }

  #property(properties: Map<string, PlacedValue>): void {
    this.#count();
    const size = this.#u32();
    const name = this.#string(this.#u32());
    const offset = this.#at;
    if (size > this.#end - offset) throw this.#fail("bad-bounds", `a property of ${size} bytes`);
    this.#at = offset + size;
    this.#align();
    if (!properties.has(name)) properties.set(name, { offset, size });
  }

  /** The next that says something. */
  #token(): number {
    for (;;) {
      const token = this.#u32();
      if (token !== FDT_TOKEN.nop) return token;
      this.#count();
    }
  }

  #count(): void {
    if (++this.#properties <= MOST_PROPERTIES) return;
    throw this.#fail("too-many", `more than ${MOST_PROPERTIES} properties`);
  }

  #u32(): number {
    if (this.#end - this.#at < 4) throw this.#fail("bad-bounds", "its structure ends too early");
    const bytes = this.#source.read(this.#at, 4);
    if (bytes.length < 4) throw this.#fail("truncated", "the file has become shorter");
    this.#at += 4;
    return viewOf(bytes).getUint32(0);
  }

  #name(): string {
    const most = Math.min(LONGEST_NAME + 1, this.#end - this.#at);
    const bytes = this.#source.read(this.#at, most);
    const length = bytes.indexOf(0);
    if (length === -1) throw this.#fail("bad-name", "the name of a node has no end");
    const name = Buffer.from(bytes.subarray(0, length)).toString("latin1");
    this.#at += length + 1;
    this.#align();
    return name;
  }

  #string(offset: number): string {
    const end = offset < this.#strings.length ? this.#strings.indexOf(0, offset) : -1;
    if (end === -1) throw this.#fail("bad-name", `a property's name at ${offset} of the names`);
    if (end - offset > LONGEST_NAME) throw this.#fail("bad-name", "a property's name has no end");
    return Buffer.from(this.#strings.subarray(offset, end)).toString("latin1");
  }

  #align(): void {
    this.#at += (4 - (this.#at % 4)) % 4;
  }

  #checkRange(field: number, from: number, size: number): void {
    if (from <= this.#totalSize && size >= 0 && size <= this.#totalSize - from) return;
    throw new FdtError("bad-bounds", field, `${size} bytes at ${from} lie outside of the device tree`);
  }

  #fail(code: ConstructorParameters<typeof FdtError>[0], message: string): Error {
    return new FdtError(code, this.#at, `a damaged device tree: ${message}`);
  }
}
