/**
 * The rows of a table in an SQLite database, read without SQLite: a few databases of other programs hold what is asked
 * for, they may lie in an archive, and Node 20 has no SQLite. Source: https://www.sqlite.org/fileformat2.html, 1.6 and 2.
 */
import { viewOf } from "./bytes.ts";
import { SqliteFormatError, type SqlitePages } from "./sqlite-pages.ts";

/** Text and blobs are bytes; null for NULL and for numbers that are none of 48 bits. */
export type SqliteValue = number | Uint8Array | null;

/** In the order of their row numbers. Throws SqliteFormatError, sqlite/no-table where there is none of this name. */
export function* rowsOf(pages: SqlitePages, table: string): Generator<SqliteValue[]> {
  const root = rootOf(pages, table);
  if (root === null) throw new SqliteFormatError("sqlite/no-table", 0, `no table ${table}`);
  yield* rowsBelow(pages, root);
}

/** Tables stand in one of their own, whose root is page 1: type, name, table, root, SQL. */
function rootOf(pages: SqlitePages, table: string): number | null {
  for (const [type, name, , root] of rowsBelow(pages, 1)) {
    const isIt = textOf(type) === "table" && textOf(name) === table;
    if (isIt && typeof root === "number") return root;
  }
  return null;
}

function textOf(value: SqliteValue | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : "";
}

const INTERIOR = 5;
const LEAF = 13;

/** No page is met twice: what leads in a circle is damaged. */
function* rowsBelow(pages: SqlitePages, root: number): Generator<SqliteValue[]> {
  const met = new Set<number>();
  // Rows share no pages: all of them together are no longer than the database.
  let left = pages.count * pages.usable;
  const todo = [root];
  for (let number = todo.pop(); number !== undefined; number = todo.pop()) {
    if (met.has(number)) throw bad(number, "is met twice");
    met.add(number);
    const page = pages.page(number);
    // The first page begins with the database's header.
    const start = number === 1 ? 100 : 0;
    const kind = page[start];
    const view = viewOf(page);
    const count = view.getUint16(start + 3);
    const pointers = start + (kind === INTERIOR ? 12 : 8);
    if (pointers + count * 2 > page.length) throw bad(number, "has more cells than room");
    const cells = Array.from({ length: count }, (_, at) => view.getUint16(pointers + at * 2));
    if (kind === LEAF) {
      for (const cell of cells) {
        left -= varintAt(page, cell, number).value;
        if (left < 0) throw bad(number, "has rows longer than the database");
        yield recordOf(payloadAt(pages, page, cell, number), number);
      }
    } else if (kind === INTERIOR) {
      if (cells.some((cell) => cell + 4 > page.length)) throw bad(number, "has a cell outside of it");
      const below = cells.map((cell) => view.getUint32(cell));
      todo.push(view.getUint32(start + 8), ...below.reverse());
    } else throw bad(number, "is no page of a table");
  }
}

/** A row's bytes, with those that stand on pages of their own. */
function payloadAt(pages: SqlitePages, page: Uint8Array, cell: number, number: number): Uint8Array {
  const size = varintAt(page, cell, number);
  const row = varintAt(page, size.end, number);
  const { usable } = pages;
  const most = usable - 35;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size.value - least) % (usable - 4));
  const here = size.value <= most ? size.value : fitting <= most ? fitting : least;
  const payload = new Uint8Array(size.value);
  if (row.end + here + (here < size.value ? 4 : 0) > page.length)
    throw bad(number, "has a cell outside of it");
  payload.set(page.subarray(row.end, row.end + here));
  let next = here < size.value ? viewOf(page).getUint32(row.end + here) : 0;
  for (let filled = here; filled < size.value; ) {
    const more = pages.page(next);
    const piece = more.subarray(4, Math.min(usable, 4 + size.value - filled));
    payload.set(piece, filled);
    filled += piece.length;
    next = viewOf(more).getUint32(0);
  }
  return payload;
}

/** A record: the length of its header, the type of each column, the columns. */
function recordOf(payload: Uint8Array, page: number): SqliteValue[] {
  const header = varintAt(payload, 0, page);
  const values: SqliteValue[] = [];
  let at = header.value;
  for (let place = header.end; place < header.value; ) {
    const type = varintAt(payload, place, page);
    place = type.end;
    const length = lengthOf(type.value);
    if (at + length > payload.length)
      throw new SqliteFormatError("sqlite/bad-record", at, `page ${page} has a column outside of its row`);
    values.push(columnOf(payload.subarray(at, at + length), type.value));
    at += length;
  }
  return values;
}

const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0];

function lengthOf(type: number): number {
  return LENGTHS[type] ?? Math.floor((type - 12) / 2);
}

function columnOf(bytes: Uint8Array, type: number): SqliteValue {
  if (type >= 12) return bytes;
  if (type === 8 || type === 9) return type - 8;
  if (type === 0 || type > 5) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readIntBE(0, bytes.length);
}

/** Seven bits a byte, the first bit says that more follow; of nine the last has eight. */
function varintAt(bytes: Uint8Array, at: number, page: number): { value: number; end: number } {
  let value = 0;
  for (let place = at; place < at + 9; place++) {
    const byte = bytes[place];
    if (byte === undefined) break;
    value = value * 128 + (byte & 127);
    // A larger one would be no length, and no number of a row that anybody asks for.
    if (byte < 128 && value <= Number.MAX_SAFE_INTEGER) return { value, end: place + 1 };
  }
  throw bad(page, "has a number cut short");
}

function bad(page: number, what: string): SqliteFormatError {
  return new SqliteFormatError("sqlite/bad-page", 0, `page ${page} ${what}`);
}
