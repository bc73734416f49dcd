/** Archives for tests, made of entries with their data. */

import { digestOf } from "../../src/core/digest.ts";
import type { Entry } from "../../src/core/entry.ts";
import type { ByteString, TargetPath } from "../../src/core/path.ts";
import { encodeCpioEntry, encodeCpioTrailer, paddingAfter } from "../../src/formats/cpio.ts";

export interface TestEntry {
  readonly entry: Entry;
  readonly data: Uint8Array;
}

const NOTHING = new Uint8Array(0);

export function directory(path: string, mode = 0o755): TestEntry {
  return { entry: { kind: "directory", path: path as TargetPath, mode, uid: 0, gid: 0 }, data: NOTHING };
}

/** Text stands for bytes, one character each. */
export function file(path: string, content: string | Uint8Array, mode = 0o644): TestEntry {
  const data = typeof content === "string" ? Buffer.from(content, "latin1") : content;
  const source = { from: "recipe", bytes: data } as const;
  const facts = { path: path as TargetPath, mode, uid: 0, gid: 0, size: data.length };
  return { entry: { kind: "file", ...facts, content: digestOf(data), source }, data };
}

export function symlink(path: string, to: string): TestEntry {
  const facts = { path: path as TargetPath, mode: 0o777, uid: 0, gid: 0 };
  return { entry: { kind: "symlink", ...facts, to: to as ByteString }, data: NOTHING };
}

export function special(
  path: string,
  kind: "char" | "block" | "fifo" | "socket",
  mode: number,
  numbers = [0, 0],
): TestEntry {
  const [major = 0, minor = 0] = numbers;
  return { entry: { kind, path: path as TargetPath, mode, uid: 0, gid: 0, major, minor }, data: NOTHING };
}

/** The entries without a trailer. */
export function bodyOf(entries: readonly TestEntry[], firstInode = 0, epoch = 1): Uint8Array {
  const pieces = entries.flatMap(({ entry, data }, index) => [
    encodeCpioEntry(entry, firstInode + index, epoch),
    data,
    paddingAfter(data.length),
  ]);
  return Buffer.concat(pieces);
}

/** A whole archive, padded to 512 bytes as GNU cpio's. */
export function archiveOf(entries: readonly TestEntry[], firstInode = 0, epoch = 1): Uint8Array {
  const bytes = Buffer.concat([bodyOf(entries, firstInode, epoch), encodeCpioTrailer(0)]);
  return Buffer.concat([bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)]);
}

/** The same bytes for the same seed on every machine (xorshift32). */
export function seededBytes(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed | 1;
  for (let at = 0; at < length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}
