/**
 * Members of a tar archive as bytes: ustar headers, and before them pax records for what these have no room for. Names are bytes,
 * written as they are. Source: POSIX.1-2017 pax ("ustar Interchange Format", "pax Extended Header").
 */
import { type ByteString, decodeUtf8 } from "../core/path.ts";
import { TAR_BLOCK } from "./tar-block.ts";

export interface TarFacts {
  /** Relative, without a slash at its end. */
  readonly name: ByteString;
  readonly kind: "file" | "directory" | "symlink" | "hard-link" | "char" | "block" | "fifo";
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
  /** Of a symlink, or the name of a hard link's file; empty for all others. */
  readonly to: ByteString;
  /** Bytes that follow; 0 for all but files. */
  readonly size: number;
}

const TYPES: Readonly<Record<TarFacts["kind"], string>> = {
  file: "0",
  "hard-link": "1",
  symlink: "2",
  char: "3",
  block: "4",
  directory: "5",
  fifo: "6",
};

const NAME_ROOM = 100;
/** Digits of a field of eight bytes, and of one of twelve. */
const SHORT = 7;
const LONG = 11;

/** Two blocks of zeros. */
export const TAR_END = new Uint8Array(2 * TAR_BLOCK);

/** The header of a member, with the pax header before it that it may need. Its data follows, filled up to whole blocks. */
export function encodeTarMember(facts: TarFacts): Uint8Array {
  const name = facts.kind === "directory" ? `${facts.name}/` : facts.name;
  const records = paxRecords(name, facts);
  const header = encodeHeader({ ...facts, name, type: TYPES[facts.kind] });
  if (records === "") return header;
  const pax = encodeHeader({ ...PAX_HEADER, size: records.length });
  return Buffer.concat([
    pax,
    Buffer.from(records, "latin1"),
    new Uint8Array(tarPadding(records.length)),
    header,
  ]);
}

/** How many zeros fill the last block of so many bytes. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

/** Nothing of it depends on who writes, or when. */
const PAX_HEADER = {
  name: "PaxHeaders/next",
  type: "x",
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 0,
  major: 0,
  minor: 0,
  to: "",
};

function paxRecords(name: string, { to, uid, gid, size, mtime, major, minor }: TarFacts): string {
  const records: string[] = [];
  const isPlain = (text: string): boolean => text.length <= NAME_ROOM && !/[^\u0001-\u007f]/.test(text);
  const texts = { path: name, linkpath: to };
  // Readers take texts for UTF-8, but for this word.
  if (Object.values(texts).some((text) => decodeUtf8(text) === null))
    records.push(paxRecord("hdrcharset", "BINARY"));
  for (const [key, text] of Object.entries(texts)) if (!isPlain(text)) records.push(paxRecord(key, text));
  const numbers = { uid, gid, "SCHILY.devmajor": major, "SCHILY.devminor": minor };
  for (const [key, value] of Object.entries(numbers))
    if (!fits(value, SHORT)) records.push(paxRecord(key, String(value)));
  for (const [key, value] of Object.entries({ size, mtime })) {
    if (!fits(value, LONG)) records.push(paxRecord(key, String(value)));
  }
  return records.join("");
}

/** "27 path=usr/share/doc/x\n": the length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

interface HeaderFields extends Omit<TarFacts, "name" | "kind" | "to"> {
  readonly name: string;
  readonly to: string;
  readonly type: string;
}

/** What is too long is cut, and too large a number 0: pax records say what it is. */
function encodeHeader({
  name,
  to,
  type,
  mode,
  uid,
  gid,
  size,
  mtime,
  major,
  minor,
}: HeaderFields): Uint8Array {
  const block = Buffer.alloc(TAR_BLOCK);
  const write = (text: string, at: number): void => {
    block.write(text, at, "latin1");
  };
  const octal = (value: number, digits: number): string =>
    (fits(value, digits) ? value : 0).toString(8).padStart(digits, "0");
  write(name.slice(0, NAME_ROOM), 0);
  write(octal(mode, SHORT), 100);
  write(octal(uid, SHORT), 108);
  write(octal(gid, SHORT), 116);
  write(octal(size, LONG), 124);
  write(octal(mtime, LONG), 136);
  write(" ".repeat(8), 148);
  write(type, 156);
  write(to.slice(0, NAME_ROOM), 157);
  write("ustar\u000000", 257);
  write(octal(major, SHORT), 329);
  write(octal(minor, SHORT), 337);
  const sum = block.reduce((all, byte) => all + byte, 0);
  write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function fits(value: number, digits: number): boolean {
  return value < 8 ** digits;
}
