/** gzip members decoded to their end, by Node's own zlib in its thread pool. */
import { constants, crc32, createInflateRaw } from "node:zlib";
import type { ByteSource } from "../formats/byte-source.ts";
import { viewOf } from "../formats/bytes.ts";
import { FormatError } from "../formats/format-error.ts";
import { GZIP_TRAILER_SIZE, readGzipHeader } from "../formats/gzip-header.ts";

const READ_PIECE = 256 * 1024;
/** Of damaged data what a step gives is lost where it fails: these are small. */
const FINE_PIECE = 1024;

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
  let sum = 0;
  let size = 0;
  const dataEnd = await inflate(source, { from: dataAt, piece: READ_PIECE }, (piece) => {
    sum = crc32(piece, sum);
    size += piece.length;
    sink(piece);
  });
  const end = dataEnd + GZIP_TRAILER_SIZE;
  const trailer = source.read(end - GZIP_TRAILER_SIZE, GZIP_TRAILER_SIZE);
  if (trailer.length < GZIP_TRAILER_SIZE)
    throw new FormatError("truncated", source.size, "a gzip member is cut short");
  if (viewOf(trailer).getUint32(0, true) !== sum || viewOf(trailer).getUint32(4, true) !== size % 2 ** 32) {
    throw new FormatError("bad-checksum", end - GZIP_TRAILER_SIZE, "the checksum of a gzip member is wrong");
  }
  return end;
}

/** What a damaged member gives before the damage, but for some hundred bytes, from its byte at `behind` on. */
export async function salvageMember(
  source: ByteSource,
  { position, behind }: { readonly position: number; readonly behind: number },
  sink: (piece: Uint8Array) => void,
): Promise<void> {
  const { dataAt } = readGzipHeader(source, position);
  let toSkip = behind;
  try {
    await inflate(source, { from: dataAt, piece: FINE_PIECE }, (piece) => {
      if (piece.length > toSkip) sink(piece.subarray(toSkip));
      toSkip = Math.max(0, toSkip - piece.length);
    });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}

/** Gives where the deflate stream ends. Throws FormatError bad-deflate. */
async function inflate(
  source: ByteSource,
  { from, piece: pieceSize }: { readonly from: number; readonly piece: number },
  sink: (piece: Uint8Array) => void,
): Promise<number> {
  const inflate = createInflateRaw({ chunkSize: pieceSize, finishFlush: constants.Z_FINISH });
  let at = from;
  const feed = (): void => {
    if (inflate.destroyed || inflate.readableEnded) return;
    // A copy: the source may reuse its memory before zlib's thread is done with it.
    const piece = Uint8Array.from(source.read(at, pieceSize));
    at += piece.length;
    if (piece.length === 0) inflate.end();
    else inflate.write(piece, () => feed());
  };
  feed();
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      sink(piece);
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new FormatError("bad-deflate", from + inflate.bytesWritten, `damaged gzip data: ${error.message}`);
  }
  return from + inflate.bytesWritten;
}

function isZlibError(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
