/** Content on the disk: where a digest's bytes lie, and how files are written and read in large pieces. */
import { readSync } from "node:fs";
import { type FileHandle, stat } from "node:fs/promises";
import { type ActionKey, type Digest, digestFromHex, hexOfDigest } from "../core/digest.ts";
import type { StoredContent } from "../core/ports.ts";
import { type CacheDirectory, nullWhereMissing } from "./cache-directory.ts";

/** Large enough that a call costs nothing beside its bytes. */
export const PIECE_BYTES = 1 << 20;

/** As cacache lays it out: content-v2/sha256/aa/bb/<the other 60 digits>. */
export function contentPath(cache: CacheDirectory, digest: Digest): string {
  const hex = hexOfDigest(digest);
  return `${cache.content}/${hex.slice(0, 2)}/${hex.slice(2, 4)}/${hex.slice(4)}`;
}

/** The digest as cacache writes it (Subresource Integrity: base64). */
export function integrityOf(digest: Digest): string {
  return `sha256-${Buffer.from(hexOfDigest(digest), "hex").toString("base64")}`;
}

/** Null for what is no SHA-256. */
export function digestOfIntegrity(integrity: string): Digest | null {
  const [, base64] = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(integrity) ?? [];
  return base64 === undefined ? null : digestFromHex(Buffer.from(base64, "base64").toString("hex"));
}

/** What an action gave; null: nothing that is there. What is cut short counts as gone, and is built again. */
export async function findIn(
  cache: CacheDirectory,
  index: Pick<typeof import("cacache/lib/entry-index.js"), "find">,
  key: ActionKey,
): Promise<StoredContent | null> {
  const entry = await index.find(cache.path, key);
  const digest = entry === null ? null : digestOfIntegrity(entry.integrity);
  if (entry === null || digest === null || entry.size === undefined) return null;
  const facts = await stat(contentPath(cache, digest)).catch(nullWhereMissing);
  return facts?.size === entry.size ? { digest, size: entry.size } : null;
}

/**
 * The same bytes in pieces of PIECE_BYTES or more (the last may be smaller). A piece is valid until the next is
 * asked for: small chunks are gathered in one buffer that is used again.
 */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gathered = Buffer.allocUnsafe(PIECE_BYTES);
  let fill = 0;
  for await (const chunk of chunks) {
    if (fill + chunk.length > PIECE_BYTES && fill > 0) {
      yield gathered.subarray(0, fill);
      fill = 0;
    }
    if (chunk.length >= PIECE_BYTES) {
      yield chunk;
    } else {
      gathered.set(chunk, fill);
      fill += chunk.length;
    }
  }
  if (fill > 0) yield gathered.subarray(0, fill);
}

/**
 * A file's bytes from its start to its end as it is now. A piece is valid until the next is asked for. Read without
 * promises: what was written lately is in memory, and a promise costs more than its copy.
 */
export function* piecesOf(file: FileHandle): Generator<Uint8Array> {
  const into = Buffer.allocUnsafe(PIECE_BYTES);
  for (let position = 0; ; ) {
    const length = readSync(file.fd, into, 0, into.length, position);
    if (length === 0) return;
    position += length;
    yield into.subarray(0, length);
  }
}

export async function writeFully(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}
