/**
 * The binary indexes that kmod looks names up in (modules.dep.bin, modules.alias.bin, …): a radix tree in
 * big-endian words on every machine. Written as depmod up to kmod 33 does, children before their parents;
 * readers take any placement. Sources: kmod tools/depmod.c (index_insert, index_write), libkmod-index.c.
 */
import { FormatError } from "./format-error.ts";

export interface IndexEntry {
  /** ASCII, without NUL; patterns for aliases. */
  readonly key: string;
  readonly value: string;
  /** Its values stand in this order; of equal ones the last added comes first. */
  readonly priority: number;
}

export type KmodIndexErrorCode =
  | "bad-character"
  | "bad-magic"
  | "bad-version"
  | "truncated"
  | "bad-node"
  | "too-large";

export const KmodIndexError = FormatError<KmodIndexErrorCode>;

interface Node {
  prefix: string;
  /** By character, sparse. */
  children: Map<number, Node>;
  values: IndexValue[];
}

interface IndexValue {
  readonly value: string;
  readonly priority: number;
}

const MAGIC = 0xb007f457;
const VERSION = 0x0002_0001;
const HAS_PREFIX = 0x8000_0000;
const HAS_VALUES = 0x4000_0000;
const HAS_CHILDREN = 0x2000_0000;
const OFFSET = 0x0fff_ffff;

/** Throws FormatError (bad-character) for a key or value that is not ASCII, as depmod refuses it. */
export function encodeKmodIndex(entries: Iterable<IndexEntry>): Uint8Array {
  const root: Node = { prefix: "", children: new Map(), values: [] };
  for (const entry of entries) insert(root, entry);
  const out = new Growing();
  out.u32(MAGIC);
  out.u32(VERSION);
  out.u32(0);
  const reference = writeNode(root, out);
  const bytes = out.finish();
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(8, reference);
  return bytes;
}

function insert(root: Node, { key, value, priority }: IndexEntry): void {
  for (const text of [key, value]) {
    if (/[^\u0001-\u007f]/.test(text))
      throw new KmodIndexError("bad-character", 0, `not ASCII: ${JSON.stringify(text)}`);
  }
  let node = root;
  for (let at = 0; ; at++) {
    const { prefix } = node;
    let same = 0;
    while (same < prefix.length && prefix[same] === key[at + same]) same++;
    if (same < prefix.length) split(node, same);
    at += same;
    if (at === key.length) break;
    const character = key.charCodeAt(at);
    const child = node.children.get(character);
    if (child === undefined) {
      node.children.set(character, {
        prefix: key.slice(at + 1),
        children: new Map(),
        values: [{ value, priority }],
      });
      return;
    }
    node = child;
  }
  const later = node.values.findIndex((known) => known.priority >= priority);
  node.values.splice(later === -1 ? node.values.length : later, 0, { value, priority });
}

/** The node keeps the first characters of its prefix; all else goes into a single child. */
function split(node: Node, at: number): void {
  const child: Node = { prefix: node.prefix.slice(at + 1), children: node.children, values: node.values };
  node.children = new Map([[node.prefix.charCodeAt(at), child]]);
  node.prefix = node.prefix.slice(0, at);
  node.values = [];
}

/** Keys are short, so the depth is: a long alias has a few hundred characters. */
function writeNode(node: Node, out: Growing): number {
  const characters = [...node.children.keys()];
  const first = characters.length === 0 ? 0 : Math.min(...characters);
  const last = characters.length === 0 ? -1 : Math.max(...characters);
  const references: number[] = [];
  for (let character = first; character <= last; character++) {
    const child = node.children.get(character);
    references.push(child === undefined ? 0 : writeNode(child, out));
  }
  let reference = out.size;
  if (reference > OFFSET) throw new KmodIndexError("too-large", reference, "an index has at most 256 MiB");
  if (node.prefix !== "") {
    out.text(node.prefix);
    reference += HAS_PREFIX;
  }
  if (references.length > 0) {
    out.u8(first);
    out.u8(last);
    for (const child of references) out.u32(child);
    reference += HAS_CHILDREN;
  }
  if (node.values.length > 0) {
    out.u32(node.values.length);
    for (const { value, priority } of node.values) {
      out.u32(priority);
      out.text(value);
    }
    reference += HAS_VALUES;
  }
  return reference;
}

class Growing {
  #bytes = Buffer.alloc(4096);
  size = 0;

  u8(value: number): void {
    this.#reserve(1);
    this.#bytes[this.size++] = value;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.size = this.#bytes.writeUInt32BE(value, this.size);
  }

  /** With its NUL. */
  text(text: string): void {
    this.#reserve(text.length + 1);
    this.size += this.#bytes.write(text, this.size, "latin1");
    this.#bytes[this.size++] = 0;
  }

  finish(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(0, this.size));
  }

  #reserve(length: number): void {
    if (this.size + length <= this.#bytes.length) return;
    const larger = Buffer.alloc((this.size + length) * 2);
    larger.set(this.#bytes.subarray(0, this.size));
    this.#bytes = larger;
  }
}

/** All entries, by key in byte order. Throws FormatError; a loop of nodes is one too. */
export function decodeKmodIndex(bytes: Uint8Array): IndexEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const u32 = (at: number): number => {
    if (at + 4 > bytes.length)
      throw new KmodIndexError("truncated", bytes.length, "the index ends too early");
    return view.getUint32(at);
  };
  const text = (at: number): string => {
    const end = bytes.indexOf(0, at);
    if (end === -1) throw new KmodIndexError("truncated", bytes.length, "a text of the index does not end");
    return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString("latin1");
  };
  if (u32(0) !== MAGIC) throw new KmodIndexError("bad-magic", 0, "no index of kmod");
  if (u32(4) >>> 16 !== VERSION >>> 16)
    throw new KmodIndexError("bad-version", 4, "an index of another version");
  const entries: IndexEntry[] = [];
  const seen = new Set<number>();
  const todo: [reference: number, key: string][] = [[u32(8), ""]];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [reference, before] = next;
    let at = reference & OFFSET;
    if (seen.has(at)) throw new KmodIndexError("bad-node", at, "a node that leads to itself");
    seen.add(at);
    let key = before;
    if ((reference & HAS_PREFIX) !== 0) {
      const prefix = text(at);
      key += prefix;
      at += prefix.length + 1;
      if (key.length > MOST_KEY) throw new KmodIndexError("bad-node", at, "a key longer than a path may be");
    }
    if ((reference & HAS_CHILDREN) !== 0) {
      const [first = 0, last = 0] = bytes.subarray(at, at + 2);
      if (first > last || last > 0x7f)
        throw new KmodIndexError("bad-node", at, "a node with impossible children");
      at += 2;
      for (let character = last; character >= first; character--) {
        const child = u32(at + (character - first) * 4);
        if (child !== 0) todo.push([child, key + String.fromCharCode(character)]);
      }
      at += (last - first + 1) * 4;
    }
    if ((reference & HAS_VALUES) !== 0) {
      const count = u32(at);
      at += 4;
      for (let index = 0; index < count; index++) {
        const priority = u32(at);
        const value = text(at + 4);
        if (entries.length > bytes.length) throw new KmodIndexError("bad-node", at, "more values than bytes");
        entries.push({ key, value, priority });
        at += value.length + 5;
      }
    }
  }
  return entries;
}

/** As long as a path may be. */
const MOST_KEY = 4096;
