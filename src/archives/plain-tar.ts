/** Tars, and what is to become one: told by their first bytes, checked, decompressed where they are compressed. */
import { type Digest, hexOfDigest } from "../core/digest.ts";
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import { isTarHeader, isZeroBlock, TAR_BLOCK } from "../formats/tar-block.ts";
import { type ByteRange, beginningOf } from "./byte-range.ts";
import type { LayerBlob } from "./container-images.ts";
import { compressionOf, decompressed } from "./decompress.ts";
import { digestOfFile, digestOfPart } from "./digests.ts";
import type { ArchivePorts } from "./ports.ts";

/** A tar that can be read: not compressed, or decompressed by now. */
export interface PlainTar {
  readonly range: ByteRange;
  /** Of the bytes as they came. */
  readonly digest: Digest;
  readonly part: string;
}

/** What may be a tar. */
export interface TarBlob extends LayerBlob {
  /** What the user named. */
  readonly path: HostPath;
  /** The digest of the archive of which its range is a part; null: it is a file of its own. */
  readonly within: Digest | null;
}

/** Null: it is no tar. Throws BuildFailure: archives/wrong-digest, archives/damaged. */
export async function plainTar(blob: TarBlob, ports: ArchivePorts): Promise<PlainTar | null> {
  const { path, part, range, within, sha256 } = blob;
  const { host } = ports;
  const compression = compressionOf(range, host);
  if (compression === null && !isTar(range, ports)) return null;
  const digest =
    within === null ? await digestOfFile(range.file, ports) : await digestOfPart(range, within, ports);
  if (sha256?.of === "blob") checkDigest(blob, digest);
  if (compression === null) {
    if (sha256?.of === "content") checkDigest(blob, digest);
    return { range, digest, part };
  }
  const plain = await decompressed({ range, digest, path, part }, compression, ports);
  if (sha256?.of === "content") checkDigest(blob, plain.digest);
  return isTar(plain.range, ports) ? { range: plain.range, digest, part } : null;
}

function checkDigest({ path, part, sha256 }: TarBlob, digest: Digest): void {
  const found = hexOfDigest(digest);
  const expected = sha256?.hex ?? found;
  if (found === expected) return;
  const digests = { expected: `sha256:${expected}`, found: `sha256:${found}` };
  throw new BuildFailure([{ code: "archives/wrong-digest", path, part, ...digests }]);
}

/** An empty archive is nothing but zeros. */
function isTar(range: ByteRange, { host }: ArchivePorts): boolean {
  const block = beginningOf(range, TAR_BLOCK, host);
  return isTarHeader(block) || isZeroBlock(block);
}
