/** A plain archive in a source: its headers are read, and its data where somebody looks at it. */
import type { ByteSource } from "../formats/byte-source.ts";
import type { CpioDecoder } from "../formats/cpio-decode.ts";

const PIECE = 2 ** 20;
/** Where nobody looks at data: read around a header, before the rest is jumped over. */
const AROUND_HEADER = 4096;

export interface PlainReading {
  /** It stands where reading begins. */
  readonly decoder: CpioDecoder;
  /** Where reading ends at the latest. */
  readonly end: number;
  /** How much is read at once, at most. */
  readonly looksAt: "data" | "headers";
}

/** To the end, or to what is no part of an archive. Throws FormatError for what the kernel refuses. */
export function decodePlain(source: ByteSource, { decoder, end, looksAt }: PlainReading): void {
  const most = looksAt === "data" ? PIECE : AROUND_HEADER;
  while (decoder.offset < end) {
    const piece = source.read(decoder.offset, Math.min(most, end - decoder.offset));
    if (piece.length === 0) break; // The file has become shorter.
    if (decoder.push(piece) < piece.length) return;
    decoder.skip(Math.min(decoder.unseen, end - decoder.offset));
  }
  decoder.finish();
}
