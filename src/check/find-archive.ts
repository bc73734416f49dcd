/** Whether bytes that the kernel does not get to hold an archive: then something is lost. */
import { type ByteSource, piecesOf } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { memberKindOf, scanMember } from "../formats/member.ts";

const PIECE = 2 ** 20;
/** The longest of them; so many bytes of a piece are looked at with the next. */
const OVERLAP = 16;
/** Magics of members and of entries; lzma has too short a one to be sought. */
const MAGICS =
  /07070[12][0-9A-Fa-f]{8}|\x1f\x8b\x08|BZh[1-9]1AY&SY|\xfd7zXZ\0|\x89LZO\0\r\n|\x02!L\x18|\x28\xb5\x2f\xfd/g;

/** Where the first archive from a place on begins; null: there is none. */
export function findArchive(source: ByteSource, from: number): number | null {
  let before = "";
  let at = from;
  for (const piece of piecesOf(source, from, source.size, PIECE)) {
    const start = at - before.length;
    at += piece.length;
    const text = before + Buffer.from(piece).toString("latin1");
    for (const { index } of text.matchAll(MAGICS)) if (isArchive(source, start + index)) return start + index;
    before = text.slice(-OVERLAP);
  }
  return null;
}

function isArchive(source: ByteSource, at: number): boolean {
  const kind = memberKindOf(Uint8Array.from(source.read(at, 4)));
  if (kind === null) return true; // a header of an entry
  try {
    scanMember(kind, source, at);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
