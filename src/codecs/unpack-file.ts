/** What a packed file holds, in pieces: by the embedded codecs, so that every machine sees the same. */
import type { ByteSource } from "../formats/byte-source.ts";
import { viewOf } from "../formats/bytes.ts";
import { FormatError } from "../formats/format-error.ts";
import type { ReadablePacking } from "../formats/packings.ts";
import { isSkippableZstd, scanZstdFrame } from "../formats/zstd-frame.ts";
import { inflateMember } from "./inflate.ts";
import { unpack } from "./unpack.ts";

/** The embedded zstd knows no streams: what a frame may hold. Bytes. */
const MOST_IN_MEMORY = 2 ** 30;

/** Member by member, to the end of the source. Throws FormatError for what cannot be unpacked. */
export async function unpackFile(
  kind: ReadablePacking,
  source: ByteSource,
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  if (kind === "xz") {
    sink(await unpack(Uint8Array.from(source.read(0, source.size)), "xz"));
    return;
  }
  for (let at = 0; at < source.size; )
    at = kind === "gzip" ? await inflateMember(source, at, sink) : await unpackFrame(source, at, sink);
}

async function unpackFrame(
  source: ByteSource,
  at: number,
  sink: (piece: Uint8Array) => void,
): Promise<number> {
  const head = Uint8Array.from(source.read(at, 8));
  if (head.length === 8 && isSkippableZstd(viewOf(head).getUint32(0, true)))
    return at + 8 + viewOf(head).getUint32(4, true);
  const { end, contentLimit } = scanZstdFrame(source, at);
  if (contentLimit > MOST_IN_MEMORY) throw new FormatError("bad-packing", at, "a zstd frame is too large");
  sink(await unpack(Uint8Array.from(source.read(at, end - at)), "zstd"));
  return end;
}
