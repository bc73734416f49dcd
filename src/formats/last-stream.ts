/** Where the last of several streams begins that readers take for one member: those of lz4 -l, and those of bzip2. */
import type { ByteSource } from "./byte-source.ts";
import { piecesOf } from "./byte-source.ts";
import { lz4StreamsIn } from "./lz4-header.ts";
import type { CompressedKind } from "./member.ts";

const PIECE = 2 ** 20;
/** "BZh1" to "BZh9" and the first six bytes of pi, at a whole byte: not to be found in a stream by chance. */
const BZIP2_HEAD = /BZh[1-9]1AY&SY/g;
const BZIP2_HEAD_SIZE = 10;

/** In the member that begins at `position`. Throws FormatError. */
export function lastStreamIn(kind: CompressedKind, source: ByteSource, position: number): number {
  if (kind === "lz4") return lz4StreamsIn(source, position).last;
  return kind === "bzip2" ? lastBzip2(source, position) : position;
}

function lastBzip2(source: ByteSource, position: number): number {
  let last = position;
  let at = position;
  let before = "";
  for (const piece of piecesOf(source, position, source.size, PIECE)) {
    const text = before + Buffer.from(piece).toString("latin1");
    for (const { index } of text.matchAll(BZIP2_HEAD)) last = at - before.length + index;
    at += piece.length;
    before = text.slice(-(BZIP2_HEAD_SIZE - 1));
  }
  return last;
}
