/** The entries of an image as `ls -l` shows them: mode, links, owner, size or device numbers, date, name. */
import type { Entry } from "../../core/entry.ts";
import { type ByteString, showBytes } from "../../core/path.ts";
import { type Align, layoutTable } from "./table.ts";

/** What a listing needs of an entry, wherever it was read. */
export interface ListingRow {
  /** Null: a type that does not exist. */
  readonly kind: EntryKind | null;
  /** As it stands in the archive. */
  readonly name: ByteString;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly links: number;
  /** Bytes. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
  /** A symlink's target. */
  readonly to: ByteString | null;
}

export type EntryKind = Entry["kind"];

const LETTERS: Record<EntryKind, string> = {
  directory: "d",
  file: "-",
  symlink: "l",
  char: "c",
  block: "b",
  fifo: "p",
  socket: "s",
};

const ALIGNS: readonly Align[] = ["left", "right", "right", "right", "right", "left"];

export function layoutListing(entries: readonly ListingRow[]): string[] {
  return layoutTable(entries.map(cellsOf), ALIGNS);
}

/** "-rwsr-xr-x", as ls(1) writes it. */
export function showMode(kind: EntryKind | null, mode: number): string {
  const bits = [...Array(9).keys()].map((at) => (mode & (0o400 >> at) ? "rwx"[at % 3]! : "-"));
  for (const [bit, at, letter] of [
    [0o4000, 2, "s"],
    [0o2000, 5, "s"],
    [0o1000, 8, "t"],
  ] as const) {
    if (mode & bit) bits[at] = bits[at] === "x" ? letter : letter.toUpperCase();
  }
  return (kind === null ? "?" : LETTERS[kind]) + bits.join("");
}

/** "2026-11-22 13:40:42", in UTC: a listing must not depend on where it is read. */
export function showTimestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

function cellsOf(entry: ListingRow): string[] {
  const isDevice = entry.kind === "char" || entry.kind === "block";
  return [
    showMode(entry.kind, entry.mode),
    String(entry.links),
    String(entry.uid),
    String(entry.gid),
    isDevice ? `${entry.major}, ${entry.minor}` : String(entry.size),
    `${showTimestamp(entry.mtime)}  ${showBytes(entry.name)}${entry.to === null ? "" : ` -> ${showBytes(entry.to)}`}`,
  ];
}
