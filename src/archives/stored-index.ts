/**
 * An index as bytes for the cache, so that a second build parses no archive. A build asks for few of the directories
 * of a root tree, so each is a piece of its own, and only the table of them is read when an index is opened.
 *
 * One line of JSON for each path, those of a directory together and in byte order; one for each directory (where its
 * lines are); the place of these, in 16 digits.
 */
import { compareBytes } from "../core/order.ts";
import { type ByteString, byteString, childOf, ROOT, type TargetPath, toBytes } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import type { ArchiveIndex, ArchiveNode, GrowingIndex } from "./archive-index.ts";

/** Part of the key: raise it when what stands in an index, or how archives are read, changes. */
export const INDEX_VERSION = "archive index 2";

type Row = [
  name: string,
  kind: FileFacts["kind"],
  numbers: [mode: number, size: number, uid: number, gid: number, major: number, minor: number],
  uncarried: string | null,
  to: string,
  archive: number,
  extents: [from: number, at: number, length: number][],
];

/** A directory that has entries: where their lines begin, and their bytes. */
type TableRow = [directory: string, at: number, length: number];

const NEWLINE = 0x0a;
const FOOTER = 16;
const PIECE = 1 << 20;

/** In pieces of many lines. */
export function* encodeIndex(index: GrowingIndex): Generator<Uint8Array> {
  let lines = "";
  let yielded = 0;
  const table: TableRow[] = [];
  function* flush(atLeast: number): Generator<Uint8Array> {
    if (lines.length < atLeast) return;
    yield toBytes(lines as ByteString);
    yielded += lines.length;
    lines = "";
  }
  lines += lineOf(rowOf("", index.nodes.get(ROOT)!));
  for (const [directory, names] of index.children) {
    if (names.size === 0) continue;
    const at = yielded + lines.length;
    for (const name of [...names].sort(compareBytes)) {
      lines += lineOf(rowOf(name, index.nodes.get(childOf(directory, name))!));
      yield* flush(PIECE);
    }
    table.push([directory, at, yielded + lines.length - at]);
  }
  const tableAt = yielded + lines.length;
  for (const row of table) {
    lines += lineOf(row);
    yield* flush(PIECE);
  }
  lines += String(tableAt).padStart(FOOTER, "0");
  yield* flush(0);
}

/** Every character is a byte, and JSON leaves those above 0x7f as they are. */
function lineOf(row: Row | TableRow): string {
  return `${JSON.stringify(row)}\n`;
}

function rowOf(name: string, { facts, to, archive, extents }: ArchiveNode): Row {
  const { kind, mode, size, uid, gid, major, minor, uncarried } = facts;
  const pieces = extents.map(({ from, at, length }): Row[6][number] => [from, at, length]);
  return [name, kind, [mode, size, uid, gid, major, minor], uncarried, to, archive, pieces];
}

/** Of bytes that encodeIndex wrote and the store has verified. */
export function openIndex(bytes: Uint8Array): ArchiveIndex {
  const footerAt = bytes.length - FOOTER;
  const tableAt = Number(byteString(bytes.subarray(footerAt)));
  const table = new Map<string, readonly [start: number, end: number]>();
  for (const line of linesOf(bytes, tableAt, footerAt)) {
    const [directory, at, length] = line as TableRow;
    table.set(directory, [at, at + length]);
  }
  const [root] = linesOf(bytes, 0, bytes.indexOf(NEWLINE) + 1);
  const rootNode = nodeOf(root as Row);

  const read = new Map<string, ReadonlyMap<string, ArchiveNode>>();
  const entriesOf = (directory: string): ReadonlyMap<string, ArchiveNode> | undefined => {
    const known = read.get(directory);
    const place = table.get(directory);
    if (known !== undefined || place === undefined) return known;
    const entries = new Map<string, ArchiveNode>();
    for (const line of linesOf(bytes, ...place)) entries.set((line as Row)[0], nodeOf(line as Row));
    read.set(directory, entries);
    return entries;
  };
  return {
    node: (path) => {
      if (path === ROOT) return rootNode;
      const slash = path.lastIndexOf("/");
      return entriesOf(path.slice(0, Math.max(0, slash)))?.get(path.slice(slash + 1));
    },
    names: (path: TargetPath) => (entriesOf(path)?.keys() ?? []) as Iterable<ByteString>,
  };
}

function* linesOf(bytes: Uint8Array, start: number, end: number): Generator<unknown> {
  for (let at = start; at < end; ) {
    const next = bytes.indexOf(NEWLINE, at);
    yield JSON.parse(byteString(bytes.subarray(at, next)));
    at = next + 1;
  }
}

function nodeOf([, kind, numbers, uncarried, to, archive, pieces]: Row): ArchiveNode {
  const [mode, size, uid, gid, major, minor] = numbers;
  const extents = pieces.map(([from, at, length]) => ({ from, at, length }));
  const told = { kind, mode, size, uid, gid, major, minor, uncarried };
  const facts: FileFacts = { ...told, fileSystem: 0, version: null };
  return { facts, to: to as ByteString, archive, extents };
}
