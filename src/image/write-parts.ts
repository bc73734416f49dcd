/** The bytes of the parts, verified while they are read, into one output. */
import { crc32 } from "node:zlib";
import { type Digest, startDigest } from "../core/digest.ts";
import type { Output } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { EarlySegment } from "../inspect/early.ts";
import { openSource } from "../trees/open-source.ts";
import type { Part } from "./arrange.ts";
import type { ImagePorts } from "./image.ts";

const PIECE = 2 ** 20;

export interface Written {
  readonly size: number;
  readonly digest: Digest;
  /** Of all that the parts brought, without the head; 0 where nobody asked for it. */
  readonly crc: number;
}

/** Writes `head`, then the parts. `sums`: whether a checksum for a header is wanted. Throws DamagedContent, and host/file-changed for a prepended file. */
export async function writeParts(
  output: Output,
  {
    head,
    parts,
    sums,
  }: { readonly head: Uint8Array; readonly parts: readonly Part[]; readonly sums: boolean },
  ports: ImagePorts,
): Promise<Written> {
  const digest = startDigest();
  let size = 0;
  let crc = 0;
  const put = (bytes: Uint8Array): void => {
    output.write(bytes);
    digest.update(bytes);
    size += bytes.length;
  };
  if (head.length > 0) put(head);
  for (const { bytes: from } of parts) {
    for await (const piece of bytesOf(from, ports)) {
      put(piece);
      if (sums) crc = crc32(piece, crc);
      ports.tell({ step: "image", bytes: size });
    }
  }
  return { size, digest: digest.finish(), crc };
}

async function* bytesOf(from: Part["bytes"], ports: ImagePorts): AsyncGenerator<Uint8Array> {
  if (from.from === "memory") yield from.bytes;
  else if (from.from === "store") yield* ports.store.read(from.content);
  else yield* earlyBytes(from.early, ports);
}

/** The file was looked at before the build; what is written is what was looked at. */
export function* earlyBytes(
  { path, size, digest }: EarlySegment,
  { host }: Pick<ImagePorts, "host">,
): Generator<Uint8Array> {
  const source = openSource(path, host);
  if (source === null) throw new BuildFailure([{ code: "host/file-changed", path }]);
  const seen = startDigest();
  try {
    for (let at = 0; at < size; at += PIECE) {
      const piece = source.read(at, Math.min(PIECE, size - at));
      seen.update(piece);
      yield piece;
    }
  } finally {
    source.close();
  }
  if (seen.finish() !== digest) throw new BuildFailure([{ code: "host/file-changed", path }]);
}
