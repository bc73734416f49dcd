/** An index as bytes for the cache, so that a second build parses no archive. One line of JSON for each path. */
import { type ByteString, byteString, type TargetPath, toBytes } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import { ArchiveIndex } from "./archive-index.ts";

/** Part of the key: raise it when what stands in an index, or how archives are read, changes. */
export const INDEX_VERSION = "archive index 1";

type Row = [
  path: string,
  kind: FileFacts["kind"],
  numbers: [mode: number, size: number, uid: number, gid: number, major: number, minor: number],
  uncarried: string | null,
  to: string,
  archive: number,
  extents: [from: number, at: number, length: number][],
];

/** In pieces of many lines. */
export function* encodeIndex(index: ArchiveIndex): Generator<Uint8Array> {
  let lines = "";
  for (const [path, { facts, to, archive, extents }] of index.nodes) {
    const { kind, mode, size, uid, gid, major, minor, uncarried } = facts;
    const pieces = extents.map(({ from, at, length }): Row[6][number] => [from, at, length]);
    const row: Row = [path, kind, [mode, size, uid, gid, major, minor], uncarried, to, archive, pieces];
    // Every character is a byte, and JSON leaves those above 0x7f as they are.
    lines += `${JSON.stringify(row)}\n`;
    if (lines.length > 1 << 20) {
      yield toBytes(lines as ByteString);
      lines = "";
    }
  }
  yield toBytes(lines as ByteString);
}

/** Of bytes that encodeIndex wrote and the store has verified. */
export function decodeIndex(bytes: Uint8Array): ArchiveIndex {
  const index = new ArchiveIndex();
  for (const line of byteString(bytes).split("\n")) {
    if (line === "") continue;
    const [path, kind, numbers, uncarried, to, archive, pieces] = JSON.parse(line) as Row;
    const [mode, size, uid, gid, major, minor] = numbers;
    const extents = pieces.map(([from, at, length]) => ({ from, at, length }));
    const facts: FileFacts = {
      kind,
      mode,
      size,
      uid,
      gid,
      major,
      minor,
      uncarried,
      fileSystem: 0,
      version: null,
    };
    index.enter(path as TargetPath, { facts, to: to as ByteString, archive, extents });
  }
  return index;
}
