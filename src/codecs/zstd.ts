/**
 * The embedded zstd. The package's encoder works as a stream that does not know its end, so its frames
 * declare a window of many MiB, no size and no checksum; the header is written anew (formats/zstd-frame.ts).
 * Both packages are loaded when they are first needed: a build that compresses nothing pays nothing.
 */
import { declareZstdContent } from "../formats/zstd-frame.ts";

/** As the lock file pins it; a test holds it to the package's own word. Part of what a segment's key names. */
export const ZSTD_PACKAGE = "@toondepauw/node-zstd 2.0.0";
/** Bytes that xxhash takes at a time: its memory grows to the largest piece and never shrinks. */
const HASH_PIECE = 2 ** 20;

/** One frame with its size and checksum declared, the same on every machine. Levels are 1 to 22. */
export async function compressZstd(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  const { Encoder } = await import("@toondepauw/node-zstd");
  const [frame, checksum] = await Promise.all([new Encoder(level).encode(bufferOf(bytes)), xxh64Low(bytes)]);
  return declareZstdContent(frame, bytes.length, checksum);
}

/** The content of exactly one frame. Throws what the package throws for damaged data. */
export async function decompressZstd(frame: Uint8Array): Promise<Uint8Array> {
  const { Decoder } = await import("@toondepauw/node-zstd");
  return new Decoder().decode(bufferOf(frame));
}

/** The low 32 bits of XXH64 with seed 0: the checksum of a zstd frame. */
export async function xxh64Low(bytes: Uint8Array): Promise<number> {
  const { default: xxhash } = await import("xxhash-wasm");
  const hash = (await xxhash()).create64();
  for (let at = 0; at < bytes.length; at += HASH_PIECE) hash.update(bytes.subarray(at, at + HASH_PIECE));
  return Number(hash.digest() & 0xffff_ffffn);
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
