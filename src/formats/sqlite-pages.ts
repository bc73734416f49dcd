/**
 * The pages of an SQLite database, with what its write-ahead log says anew of them: as a reader sees it that comes when
 * no writer is there. Source: https://www.sqlite.org/fileformat2.html, 1.2, 1.3 and 4.
 */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";
import { FormatError } from "./format-error.ts";

export class SqliteFormatError extends FormatError<
  "sqlite/not-a-database" | "sqlite/cut-short" | "sqlite/bad-page" | "sqlite/bad-record" | "sqlite/no-table"
> {}

const MAGIC = "SQLite format 3\0";
const HEADER = 100;

export class SqlitePages {
  /** Bytes of a page that hold something. */
  readonly usable: number;
  readonly #size: number;
  readonly #database: ByteSource;
  readonly #log: ByteSource;
  /** Where in the log the newest copy of a page stands. */
  readonly #inLog: ReadonlyMap<number, number>;
  readonly #count: number;

  /** `log`: what `<database>-wal` holds; empty where there is none. Throws SqliteFormatError. */
  constructor(database: ByteSource, log: ByteSource) {
    const header = Uint8Array.from(database.read(0, HEADER));
    if (header.length < HEADER || Buffer.from(header.subarray(0, 16)).toString("latin1") !== MAGIC)
      throw new SqliteFormatError("sqlite/not-a-database", 0, "no SQLite database");
    const size = viewOf(header).getUint16(16);
    this.#size = size === 1 ? 65536 : size;
    this.usable = this.#size - header[20]!;
    const isPower = (this.#size & (this.#size - 1)) === 0;
    if (this.#size < 512 || !isPower || this.usable < 480)
      throw new SqliteFormatError("sqlite/not-a-database", 16, `pages of ${this.#size} bytes`);
    this.#database = database;
    this.#log = log;
    const { pages, count } = readLog(log, this.#size);
    this.#inLog = pages;
    this.#count = count ?? Math.floor(database.size / this.#size);
  }

  get count(): number {
    return this.#count;
  }

  /** Counted from 1. A copy: reading others leaves it. Throws SqliteFormatError. */
  page(number: number): Uint8Array {
    const start = (number - 1) * this.#size;
    if (number < 1 || number > this.#count)
      throw new SqliteFormatError("sqlite/bad-page", start, `there is no page ${number}`);
    const logged = this.#inLog.get(number);
    const bytes =
      logged === undefined ? this.#database.read(start, this.#size) : this.#log.read(logged, this.#size);
    if (bytes.length < this.#size)
      throw new SqliteFormatError("sqlite/cut-short", start, `page ${number} is cut short`);
    return Uint8Array.from(bytes);
  }
}

const LOG_HEADER = 32;
const FRAME_HEADER = 24;
const LOG_MAGIC = 0x377f0682;

/** Of the log's frames those that were committed, each page's last. `count`: of pages then; null: the log says nothing. */
function readLog(log: ByteSource, pageSize: number): { pages: Map<number, number>; count: number | null } {
  const pages = new Map<number, number>();
  const header = Uint8Array.from(log.read(0, LOG_HEADER));
  if (header.length < LOG_HEADER) return { pages, count: null };
  const view = viewOf(header);
  const magic = view.getUint32(0);
  const sum = new LogSum((magic & 1) === 1);
  sum.add(header.subarray(0, 24));
  const isLog = (magic & ~1) === LOG_MAGIC && view.getUint32(8) === pageSize && sum.is(header, 24);
  let count: number | null = null;
  let written: [page: number, at: number][] = [];
  const step = FRAME_HEADER + pageSize;
  for (let at = LOG_HEADER; isLog && at + step <= log.size; at += step) {
    const frame = log.read(at, step);
    // What stands behind the last whole frame is of an older round of the log.
    const isOfRound =
      frame.length === step && [0, 4].every((salt) => same(frame, 8 + salt, header, 16 + salt));
    if (!isOfRound) break;
    sum.add(frame.subarray(0, 8));
    sum.add(frame.subarray(FRAME_HEADER));
    if (!sum.is(frame, 16)) break;
    written.push([viewOf(frame).getUint32(0), at + FRAME_HEADER]);
    const pagesAfter = viewOf(frame).getUint32(4);
    if (pagesAfter === 0) continue; // more of the same change follows
    for (const [page, place] of written) pages.set(page, place);
    written = [];
    count = pagesAfter;
  }
  return { pages, count };
}

function same(a: Uint8Array, atA: number, b: Uint8Array, atB: number): boolean {
  return viewOf(a).getUint32(atA) === viewOf(b).getUint32(atB);
}

/** Of all that was added, two numbers at a time. */
class LogSum {
  readonly #isBigEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian;
  }

  add(bytes: Uint8Array): void {
    const view = viewOf(bytes);
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.#first = (this.#first + view.getUint32(at, !this.#isBigEndian) + this.#second) >>> 0;
      this.#second = (this.#second + view.getUint32(at + 4, !this.#isBigEndian) + this.#first) >>> 0;
    }
  }

  is(bytes: Uint8Array, at: number): boolean {
    const view = viewOf(bytes);
    return view.getUint32(at) === this.#first && view.getUint32(at + 4) === this.#second;
  }
}
