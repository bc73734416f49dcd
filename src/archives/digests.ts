/**
 * Digests of archives. A file that looks as it did when it was hashed is not hashed again, nor is a part of an archive
 * that is known.
 */
import { actionKey, type Digest, digestFromHex, hexOfDigest, startDigest } from "../core/digest.ts";
import { byteString, type HostPath, type TargetPath } from "../core/path.ts";
import { DamagedContent } from "../core/ports.ts";
import { type ByteRange, piecesOf, wholeFile } from "./byte-range.ts";
import { type ArchivePorts, MEMORY } from "./ports.ts";

/** The one place where a file that the user named, or a blob in a directory that he named, is hashed. */
export async function digestOfFile(file: HostPath, { host, memory }: ArchivePorts): Promise<Digest> {
  const path = file.slice(1) as TargetPath;
  const files = memory.of(MEMORY);
  const before = host.tree("/" as HostPath).stat(path);
  const known = before === null ? null : files.recall(path, before);
  if (known !== null && known.digest !== null) return known.digest;
  const digest = await hash(wholeFile(file, host), host);
  if (before !== null) files.remember(path, before, { digest });
  return digest;
}

/** Of a part of an archive whose own digest is `within`, be it as it came or decompressed. */
export async function digestOfPart(range: ByteRange, within: Digest, ports: ArchivePorts): Promise<Digest> {
  const { host, store } = ports;
  const key = actionKey(["digest of a part 1", within, `${range.offset}`, `${range.size}`]);
  const known = await store.find(key);
  if (known !== null) {
    try {
      let hex = "";
      for await (const piece of store.read(known)) hex += byteString(piece);
      return digestFromHex(hex);
    } catch (error) {
      if (!(error instanceof DamagedContent)) throw error;
      await store.forget(key, known);
    }
  }
  const digest = await hash(range, host);
  await store.put(
    key,
    asChunks(Buffer.from(hexOfDigest(digest))),
    `digest of a part of ${within.slice(0, 19)}`,
  );
  return digest;
}

async function hash(range: ByteRange, host: ArchivePorts["host"]): Promise<Digest> {
  const digest = startDigest();
  for await (const piece of piecesOf(range, host)) digest.update(piece);
  return digest.finish();
}

async function* asChunks(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
