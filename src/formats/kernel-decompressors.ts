/**
 * Which decompressors for an initramfs a kernel has, by the table in its own bytes: a row for every kind, with the
 * function that unpacks it, or a null pointer where that was not built in. Source: linux lib/decompress.c
 * (compressed_formats[]), since 3.x; include/linux/decompress/generic.h.
 */
import { findAll } from "./byte-search.ts";
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import type { KernelMachine } from "./kernel-image.ts";
import { type CompressedKind, memberKindOf } from "./member.ts";

export type Decompressors = ReadonlyMap<CompressedKind, boolean>;

/** gzip, gzip as `pack` wrote it, bzip2: the first rows of every kernel's. */
const FIRST = [
  [0x1f, 0x8b],
  [0x1f, 0x9e],
  [0x42, 0x5a],
] as const;
const MOST_ROWS = 16;
const SEARCHED = 4096;

/** What a word is set to when the kernel starts, by machines that leave it zero in the file: R_<machine>_RELATIVE. */
const RELATIVE: ReadonlyMap<number, number> = new Map([
  [183, 0x403],
  [243, 3],
]);
const RELA_SIZE = 24;
const PIECE = 2 ** 20;

interface Table {
  /** Offset in the kernel. */
  readonly at: number;
  readonly rows: readonly Row[];
}

interface Row {
  readonly kind: CompressedKind | null;
  readonly hasName: boolean;
  readonly hasFunction: boolean;
}

/** Of a kernel that is not packed; null: its bytes do not tell. */
export function readDecompressors(kernel: ByteSource, machine: KernelMachine): Decompressors | null {
  const table = findTable(kernel, machine);
  if (table === null) return null;
  const { at, rows } = table;
  if (rows.every(({ hasName }) => hasName)) return functionsOf(rows, (row) => rows[row]!.hasFunction);
  if (rows.some(({ hasName, hasFunction }) => hasName || hasFunction)) return null;
  const set = findRelocated(kernel, table, machine);
  const rowSize = 3 * wordSizeOf(machine);
  return set === null ? null : functionsOf(rows, (row) => set.has(at + row * rowSize + (2 * rowSize) / 3));
}

function functionsOf(rows: readonly Row[], isSet: (row: number) => boolean): Decompressors {
  return new Map(rows.flatMap(({ kind }, row) => (kind === null ? [] : [[kind, isSet(row)] as const])));
}

/** Each row is a magic of two bytes, a pointer to its name, and one to a function. */
function findTable(kernel: ByteSource, machine: KernelMachine): Table | null {
  const word = wordSizeOf(machine);
  const start = new Uint8Array(word);
  start.set(FIRST[0]);
  for (const at of findAll(kernel, start)) {
    const rows = rowsOf(Uint8Array.from(kernel.read(at, MOST_ROWS * 3 * word)), word);
    if (rows !== null) return { at, rows };
  }
  return null;
}

function rowsOf(bytes: Uint8Array, word: number): Row[] | null {
  const size = 3 * word;
  const isFirst = FIRST.every(([a, b], row) => bytes[row * size] === a && bytes[row * size + 1] === b);
  if (!isFirst) return null;
  const rows: Row[] = [];
  for (let at = 0; at + size <= bytes.length; at += size) {
    const [magic, name, code] = [0, 1, 2].map((column) =>
      bytes.subarray(at + column * word, at + (column + 1) * word),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    if (magic.subarray(2).some((byte) => byte !== 0)) return null;
    const [hasName, hasFunction] = [name, code].map((each) => each.some((byte) => byte !== 0)) as [
      boolean,
      boolean,
    ];
    if (magic.every((byte) => byte === 0)) return hasName || hasFunction ? null : rows;
    // Old gzip is unpacked by the same function.
    rows.push({ kind: memberKindOf(magic), hasName, hasFunction });
  }
  return null;
}

/**
 * Offsets in the kernel's file, near the table, that are set when it starts. The list says addresses; how far these lie
 * from the offsets is known once one that would be the first row's name leads to "gzip".
 */
function findRelocated(
  kernel: ByteSource,
  { at }: Table,
  { machine, endian }: KernelMachine,
): Set<number> | null {
  const type = RELATIVE.get(machine);
  if (type === undefined || endian === "big") return null;
  const wanted = at + 8;
  let distance: number | null = null;
  const set = new Set<number>();
  for (const { address, addend } of relocationsOf(kernel, type)) {
    // An image is loaded to whole pages at least.
    if (distance === null && (address - wanted) % 4096 === 0 && isGzip(kernel, addend - (address - wanted)))
      distance = address - wanted;
    if (distance === null) continue;
    const offset = address - distance;
    if (offset >= at && offset < at + SEARCHED) set.add(offset);
  }
  return set.size === 0 ? null : set;
}

function isGzip(kernel: ByteSource, offset: number): boolean {
  if (offset < 0 || offset + 5 > kernel.size) return false;
  return Buffer.from(kernel.read(offset, 5)).toString("latin1") === "gzip\0";
}

/** Addresses lose their upper half, which is the same for all of a kernel. */
function* relocationsOf(kernel: ByteSource, type: number): Generator<{ address: number; addend: number }> {
  for (let from = 0; from + RELA_SIZE <= kernel.size; from += PIECE) {
    const bytes = Uint8Array.from(kernel.read(from, PIECE + RELA_SIZE));
    const view = viewOf(bytes);
    for (let at = 0; at + RELA_SIZE <= bytes.length && at < PIECE; at += 8) {
      if (view.getUint32(at + 8, true) !== type || view.getUint32(at + 12, true) !== 0) continue;
      yield { address: view.getUint32(at, true), addend: view.getUint32(at + 16, true) };
    }
  }
}

function wordSizeOf({ bits }: KernelMachine): 4 | 8 {
  return bits === 64 ? 8 : 4;
}
