/** U-Boot's legacy header around an image, and the image inside it. */
import { crc32 } from "node:zlib";
import type { ByteSource } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { decodeUimageHeader, isUimage, UIMAGE_HEADER_SIZE, type UimageHeader } from "../formats/uimage.ts";

const PIECE = 2 ** 20;

/** Null: there is none. Throws FormatError. */
export function wrapperOf(source: ByteSource): UimageHeader | null {
  const head = Uint8Array.from(source.read(0, UIMAGE_HEADER_SIZE));
  return isUimage(head) ? decodeUimageHeader(head) : null;
}

/** The bytes from a place on, so many of them. */
export function partOf(source: ByteSource, from: number, size: number): ByteSource {
  if (from === 0 && size === source.size) return source;
  return {
    size,
    read: (position, length) => source.read(from + position, Math.max(0, Math.min(length, size - position))),
  };
}

/** Throws FormatError where the payload is short, or its CRC is not what the header says. */
export function verifySum(payload: ByteSource, { dataSize, dataCrc }: UimageHeader): void {
  let crc = 0;
  let seen = 0;
  for (let piece = payload.read(0, PIECE); piece.length > 0; piece = payload.read(seen, PIECE)) {
    crc = crc32(piece, crc);
    seen += piece.length;
  }
  if (seen < dataSize) {
    throw new FormatError(
      "truncated",
      UIMAGE_HEADER_SIZE + seen,
      `a uInitrd's header promises ${dataSize} bytes`,
    );
  }
  if (crc !== dataCrc)
    throw new FormatError("bad-data-crc", UIMAGE_HEADER_SIZE, "the data CRC of a uInitrd is wrong");
}
