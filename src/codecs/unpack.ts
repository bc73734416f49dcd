/** Files packed as a whole in one of the formats that kernels and their modules know, unpacked in memory. */
import { gunzipSync } from "node:zlib";
import type { XzReadableStream } from "xz-decompress";
import { FormatError } from "../formats/format-error.ts";
import { decompressZstd } from "./zstd.ts";

export type Packing = "none" | "gzip" | "xz" | "zstd";

/** Bytes: no kernel module comes near, and what unpacks to more was made to do harm. */
const MOST = 512 * 1024 * 1024;

/** Throws FormatError (bad-packing) for what cannot be unpacked. */
export async function unpack(bytes: Uint8Array, packing: Packing): Promise<Uint8Array> {
  try {
    switch (packing) {
      case "none":
        return bytes;
      case "gzip":
        return gunzipSync(bytes, { maxOutputLength: MOST });
      case "zstd":
        return await decompressZstd(bytes);
      case "xz":
        return await unpackXz(bytes);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new FormatError("bad-packing", 0, `damaged ${packing} data: ${error.message}`);
  }
}

/**
 * xz-embedded as WebAssembly, loaded when it is first needed; it knows no filters for machine code (BCJ). Its
 * memory is shared by all that it unpacks, and damaged data has left it so that the next file never ended:
 * after a failure it gets a new one.
 */
async function unpackXz(bytes: Uint8Array): Promise<Uint8Array> {
  const { default: xz } = await import("xz-decompress");
  try {
    return await unpackXzWith(xz.XzReadableStream, bytes);
  } catch (error) {
    Object.assign(xz.XzReadableStream, { _moduleInstance: undefined, _moduleInstancePromise: undefined });
    throw error;
  }
}

async function unpackXzWith(XzStream: typeof XzReadableStream, bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of new XzStream(packed)) {
    size += piece.length;
    if (size > MOST) throw new RangeError(`it unpacks to more than ${MOST} bytes`);
    pieces.push(Uint8Array.from(piece));
  }
  return Buffer.concat(pieces);
}
