/** gzip members decoded to their end, by Node's own zlib in its thread pool. */
import { constants, crc32, createInflateRaw } from "node:zlib";
import type { ByteSource } from "../formats/byte-source.ts";
import { viewOf } from "../formats/bytes.ts";
import { FormatError } from "../formats/format-error.ts";
import { GZIP_TRAILER_SIZE, readGzipHeader } from "../formats/gzip-header.ts";

const READ_PIECE = 256 * 1024;

/**
 * Decodes the member that begins at `position`, its content going to `sink` in pieces. Gives the member's
 * end. Throws FormatError for damage, also where only the checksum tells (the kernel would not look).
 */
export async function inflateMember(
  source: ByteSource,
  position: number,
  sink: (piece: Uint8Array) => void,
): Promise<number> {
  const { dataAt } = readGzipHeader(source, position);
  const inflate = createInflateRaw({ chunkSize: READ_PIECE, finishFlush: constants.Z_FINISH });
  let sum = 0;
  let size = 0;
  let at = dataAt;
  const feed = (): void => {
    if (inflate.destroyed || inflate.readableEnded) return;
    // A copy: the source may reuse its memory before zlib's thread is done with it.
    const piece = Uint8Array.from(source.read(at, READ_PIECE));
    at += piece.length;
    if (piece.length === 0) inflate.end();
    else inflate.write(piece, () => feed());
  };
  feed();
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      sum = crc32(piece, sum);
      size += piece.length;
      sink(piece);
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new FormatError(
      "bad-deflate",
      dataAt + inflate.bytesWritten,
      `damaged gzip data: ${error.message}`,
    );
  }
  const end = dataAt + inflate.bytesWritten + GZIP_TRAILER_SIZE;
  const trailer = source.read(end - GZIP_TRAILER_SIZE, GZIP_TRAILER_SIZE);
  if (trailer.length < GZIP_TRAILER_SIZE)
    throw new FormatError("truncated", source.size, "a gzip member is cut short");
  if (viewOf(trailer).getUint32(0, true) !== sum || viewOf(trailer).getUint32(4, true) !== size % 2 ** 32) {
    throw new FormatError("bad-checksum", end - GZIP_TRAILER_SIZE, "the checksum of a gzip member is wrong");
  }
  return end;
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
