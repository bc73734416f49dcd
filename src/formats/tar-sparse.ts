/**
 * Where the bytes of a sparse tar member lie: GNU's old format (type "S", the map in the header and the blocks
 * behind it) and its three pax formats (0.0 and 0.1: the map in the records; 1.0: before the data).
 * Source: GNU tar's manual, "Storing Sparse Files"; its sparse.c.
 */
import type { ByteString } from "../core/path.ts";
import type { ByteSource } from "./byte-source.ts";
import { FormatError } from "./format-error.ts";
import { readTarNumber, TAR_BLOCK } from "./tar-block.ts";

/** A piece of a file: bytes of the archive at `at` stand in the file at `from`. All else in the file is zero. */
export interface Extent {
  readonly from: number;
  readonly at: number;
  readonly length: number;
}

export interface SparseFile {
  /** Of the file, holes included. */
  readonly size: number;
  readonly extents: readonly Extent[];
}

/** What stands in a map: pieces of the file, in its order. */
type Piece = readonly [from: number, length: number];

/** Larger files cannot be in an image; nobody shall make us walk over holes without end. Bytes. */
const LARGEST = 2 ** 32;
const MOST_PIECES = 1_000_000;
const PIECE_SIZE = 24;
const NUMBER_SIZE = 12;

/**
 * The map in a header of type "S" at `headerAt`, and in the blocks that continue it. Gives the place of the
 * data too: behind those blocks. Throws FormatError (sparse, truncated).
 */
export function readOldSparse(
  header: Uint8Array,
  headerAt: number,
  source: ByteSource,
): { readonly pieces: readonly Piece[]; readonly size: number; readonly dataAt: number } {
  const pieces = piecesIn(header, 386, 4, headerAt);
  let isContinued = header[482] === 1;
  let dataAt = headerAt + TAR_BLOCK;
  while (isContinued) {
    const block = source.read(dataAt, TAR_BLOCK);
    if (block.length < TAR_BLOCK || pieces.length > MOST_PIECES) throw damaged(dataAt);
    pieces.push(...piecesIn(block, 0, 21, dataAt));
    isContinued = block[504] === 1;
    dataAt += TAR_BLOCK;
  }
  const size = readTarNumber(header, 483, NUMBER_SIZE);
  if (size === null) throw damaged(headerAt);
  return { pieces, size, dataAt };
}

function piecesIn(block: Uint8Array, start: number, count: number, blockAt: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = start; at < start + count * PIECE_SIZE; at += PIECE_SIZE) {
    if (block[at] === 0 && block[at + NUMBER_SIZE] === 0) break;
    const from = readTarNumber(block, at, NUMBER_SIZE);
    const length = readTarNumber(block, at + NUMBER_SIZE, NUMBER_SIZE);
    if (from === null || length === null) throw damaged(blockAt + at);
    pieces.push([from, length]);
  }
  return pieces;
}

/** The map in pax records (0.0, 0.1), or null where there is none in them. Throws FormatError (sparse). */
export function readPaxSparse(
  records: readonly (readonly [key: ByteString, value: ByteString])[],
  headerAt: number,
): readonly Piece[] | null {
  const numbers = records.flatMap(([key, value]) => {
    if (key === "GNU.sparse.map") return value === "" ? [] : value.split(",");
    return key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes" ? [value] : [];
  });
  const hasMap = records.some(([key]) => key === "GNU.sparse.map" || key === "GNU.sparse.numblocks");
  return hasMap ? paired(numbers, headerAt) : null;
}

/** The map that stands before the data (1.0). Throws FormatError (sparse). */
export function readLeadingMap(
  source: ByteSource,
  dataAt: number,
  stored: number,
): { readonly pieces: readonly Piece[]; readonly dataAt: number } {
  const numbers: string[] = [];
  let text = "";
  let at = dataAt;
  for (let wanted = 1; numbers.length < wanted; ) {
    const end = text.indexOf("\n");
    if (end === -1) {
      if (at + TAR_BLOCK > dataAt + stored || text.length > 2 * TAR_BLOCK) throw damaged(at);
      const block = source.read(at, TAR_BLOCK);
      if (block.length < TAR_BLOCK) throw damaged(at);
      text += Buffer.from(block).toString("latin1");
      at += TAR_BLOCK;
      continue;
    }
    numbers.push(text.slice(0, end));
    text = text.slice(end + 1);
    if (numbers.length === 1) wanted = 1 + 2 * decimal(numbers[0]!, dataAt);
    if (wanted > 2 * MOST_PIECES) throw damaged(dataAt);
  }
  return { pieces: paired(numbers.slice(1), dataAt), dataAt: at };
}

/** Lays the pieces over the stored bytes. Throws FormatError (sparse) where they overlap, or do not fit. */
export function layOut(pieces: readonly Piece[], size: number, dataAt: number, stored: number): SparseFile {
  if (size > LARGEST) throw new FormatError("sparse", dataAt, "a sparse file of more than 4 GiB");
  const extents: Extent[] = [];
  let at = dataAt;
  let filled = 0;
  for (const [from, length] of pieces) {
    if (from < filled || from + length > size) throw damaged(dataAt);
    if (length > 0) extents.push({ from, at, length });
    filled = from + length;
    at += length;
  }
  if (at - dataAt > stored) throw damaged(dataAt);
  return { size, extents };
}

function paired(numbers: readonly string[], at: number): Piece[] {
  if (numbers.length % 2 !== 0) throw damaged(at);
  const pieces: Piece[] = [];
  for (let index = 0; index < numbers.length; index += 2) {
    pieces.push([decimal(numbers[index]!, at), decimal(numbers[index + 1]!, at)]);
  }
  return pieces;
}

function decimal(text: string, at: number): number {
  if (!/^\d{1,15}$/.test(text)) throw damaged(at);
  return Number(text);
}

function damaged(at: number): FormatError {
  return new FormatError("sparse", at, "the map of a sparse file is damaged");
}
