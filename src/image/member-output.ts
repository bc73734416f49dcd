/** A compressor's output made fit for an image: tidied where the tool's habit harms, and proved to be one member. */
import { inflateMember } from "../codecs/inflate.ts";
import { BuildFailure } from "../core/problem.ts";
import { type ByteSource, piecesOf, sourceOf } from "../formats/byte-source.ts";
import { viewOf } from "../formats/bytes.ts";
import { FormatError } from "../formats/format-error.ts";
import { withPlainLzopHeader } from "../formats/lzop-header.ts";
import { type CompressedKind, describeStranger, memberKindOf, scanMember } from "../formats/member.ts";
import {
  declareZstdContent,
  readZstdHeader,
  scanZstdFrame,
  withoutSkippableFrames,
} from "../formats/zstd-frame.ts";
import type { Compressor } from "./compressor.ts";

/** Longer than any lzop header. */
const LZOP_HEAD = 512;
/** What pzstd makes of a segment is small; larger outputs come from programs that need no tidying. Bytes. */
const TIDY_LIMIT = 64 * 2 ** 20;
/** A skippable frame's magic as it stands in the file, big end first. */
const PZSTD_MAGIC = 0x502a_4d18;
const PIECE = 2 ** 20;

/** Throws BuildFailure image/kernel-refuses for output that the kernel would not take as exactly one member. */
export async function checkMember(output: ByteSource, compressor: Compressor): Promise<CompressedKind> {
  const kind = memberKindOf(output.read(0, 4));
  if (kind === null) throw refused(compressor, describeStranger(output.read(0, 4)));
  try {
    const { end, refusal } = scanMember(kind, output, 0);
    if (refusal !== null) throw refused(compressor, refusal);
    if ((end ?? (await decodedEnd(kind, output, compressor))) !== output.size)
      throw severalMembers(compressor);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw refused(compressor, error.message);
  }
  if (compressor.format !== "other" && compressor.format !== kind) {
    throw refused(compressor, `it writes ${kind}, not ${compressor.format}`);
  }
  return kind;
}

/** The output as it goes into the image. `size`: bytes of the content. What is damaged stays, for the check to tell. */
export function tidyMember(kind: CompressedKind | null, output: ByteSource, size: number): ByteSource {
  try {
    return kind === "lzop" ? withLzopName(output, 0) : tidyFrames(kind, output, size);
  } catch (error) {
    if (error instanceof FormatError) return output;
    throw error;
  }
}

/** pzstd begins with a skippable frame, and declares a window but no size. */
function tidyFrames(kind: CompressedKind | null, output: ByteSource, size: number): ByteSource {
  if (output.size > TIDY_LIMIT || (kind !== null && kind !== "zstd")) return output;
  const bytes = output.read(0, output.size);
  const isPzstd = kind === null && bytes.length >= 4 && viewOf(bytes).getUint32(0) === PZSTD_MAGIC;
  if (kind === null && !isPzstd) return output;
  return sourceOf(declared(isPzstd ? withoutSkippableFrames(bytes) : bytes, size));
}

/** The same file with a name of so many letters in its header: room that no reader minds. */
export function withLzopName(output: ByteSource, nameLength: number): ByteSource {
  const oldHead = Math.min(LZOP_HEAD, output.size);
  const head = withPlainLzopHeader(Uint8Array.from(output.read(0, oldHead)), nameLength);
  return {
    size: output.size - oldHead + head.length,
    read: (position, length) => {
      if (position >= head.length) return output.read(position - head.length + oldHead, length);
      const start = head.subarray(position, position + length);
      const more = length - start.length;
      return more === 0 ? start : Buffer.concat([start, output.read(oldHead, more)]);
    },
  };
}

/** As the store takes it. */
export async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  yield* piecesOf(source, 0, source.size, PIECE);
}

/** A frame without its size gets it; one without a checksum was asked for like that, and stays. */
function declared(bytes: Uint8Array, size: number): Uint8Array {
  const source = sourceOf(bytes);
  const header = readZstdHeader(source, 0);
  const isWhole = scanZstdFrame(source, 0).end === bytes.length;
  const isWanting = header.contentSize === null && header.hasChecksum;
  return isWhole && isWanting ? declareZstdContent(bytes, size, 0) : bytes;
}

/** gzip is decoded; of the others only bzip2 has tools that write several streams (pbzip2). */
async function decodedEnd(kind: CompressedKind, output: ByteSource, compressor: Compressor): Promise<number> {
  if (!compressor.isProgram) return output.size;
  if (kind === "gzip") return inflateMember(output, 0, () => {});
  return kind === "bzip2" ? (secondBzip2Stream(output) ?? output.size) : output.size;
}

/** Streams begin at whole bytes with "BZh1" to "BZh9" and the first six bytes of pi. */
function secondBzip2Stream(output: ByteSource): number | null {
  const head = "BZh[1-9]1AY&SY";
  for (let at = 4; at < output.size; at += PIECE) {
    const found = Buffer.from(output.read(at, PIECE + 10))
      .toString("latin1")
      .search(head);
    if (found !== -1) return at + found;
  }
  return null;
}

function severalMembers(compressor: Compressor): BuildFailure {
  return refused(
    compressor,
    "it writes several members, cut within files; the kernel takes each for a whole archive",
  );
}

function refused({ name, at }: Compressor, why: string): BuildFailure {
  return new BuildFailure([{ code: "image/kernel-refuses", at, compressor: name, why }]);
}
