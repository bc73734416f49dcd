/** Archives that no tool writes: any name, number, link count and magic. */
import { CPIO_TYPE, encodeCpioHeader, encodeCpioTrailer, padded } from "../../src/formats/cpio.ts";

export interface OddEntry {
  readonly kind?: keyof typeof CPIO_TYPE;
  /** A file's data or a symlink's target, a character for each byte. */
  readonly data?: string;
  readonly mode?: number;
  /** Its inode number and how many names it has. */
  readonly links?: readonly [ino: number, nlink: number];
  /** Of a device. */
  readonly numbers?: readonly [major: number, minor: number];
  /** With a sum of its data (070702): the right one, and so much more. */
  readonly sumIsOffBy?: number;
}

/** In the order given, without a trailer. */
export function oddArchive(entries: readonly (readonly [name: string, entry?: OddEntry])[]): Buffer {
  return Buffer.concat(entries.map(([name, entry = {}], index) => encodeOdd(name, entry, 1000 + index)));
}

export const TRAILER: Uint8Array = encodeCpioTrailer(0);

function encodeOdd(name: string, entry: OddEntry, number: number): Buffer {
  const { kind = "file", data = "", mode = 0o755, links = [number, 1], numbers = [0, 0], sumIsOffBy } = entry;
  const sum = Buffer.from(data, "latin1").reduce((total, byte) => total + byte, 0);
  const header = encodeCpioHeader({
    ino: links[0],
    mode: CPIO_TYPE[kind] | mode,
    uid: 0,
    gid: 0,
    nlink: links[1],
    mtime: 1,
    size: data.length,
    devMajor: 0,
    devMinor: 0,
    rdevMajor: numbers[0],
    rdevMinor: numbers[1],
    nameSize: name.length + 1,
    check: sumIsOffBy === undefined ? 0 : sum + sumIsOffBy,
  });
  const head = `${Buffer.from(header).toString("latin1")}${name}\0`;
  const bytes = Buffer.from(withZeros(head) + withZeros(data), "latin1");
  if (sumIsOffBy !== undefined) bytes.write("070702", "latin1");
  return bytes;
}

function withZeros(text: string): string {
  return text.padEnd(padded(text.length), "\0");
}
