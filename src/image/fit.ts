/** A FIT image around an initrd: what its tree says, and what stands where. */
import { hexOfDigest } from "../core/digest.ts";
import { fdtU32 } from "../formats/fdt.ts";
import { encodeFit, type Fit, type FitHash, type FitPiece, fitNodes } from "../formats/fit.ts";
import type { UimageHeader } from "../formats/uimage.ts";
import type { FitSpec } from "../spec/image-spec.ts";
import type { BesideFile } from "./beside-file.ts";
import { type FitFiles, filesOf } from "./fit-files.ts";
import type { Written } from "./image-file.ts";
import type { FitPartFacts } from "./manifest.ts";

export interface FitOrder {
  readonly spec: Pick<FitSpec, "data" | "hashes">;
  readonly files: FitFiles;
  readonly arch: UimageHeader["arch"];
  readonly description: string;
  /** Seconds since 1970. */
  readonly epoch: number;
}

/** An initrd with what it comes to. */
export type Ramdisk = Written & { readonly name: string };

/** A piece of the wrapped image: bytes of the wrapper, a file that goes along, or the image itself. */
export type WrappedPiece =
  | { readonly from: "wrapper"; readonly bytes: Uint8Array }
  | { readonly from: "file"; readonly file: BesideFile }
  | { readonly from: "image" };

/** Throws FormatError "too-large". */
export function fitPieces(order: FitOrder, ramdisk: Ramdisk): WrappedPiece[] {
  const files = filesOf(order.files);
  return encodeFit(fitOf(order, ramdisk)).map((piece) => wrappedPiece(piece, files));
}

/** The parts among the pieces, as a manifest tells of them. The ramdisk is the last. */
export function partsIn(
  pieces: readonly WrappedPiece[],
  ramdisk: Ramdisk,
  { files, spec }: Pick<FitOrder, "files" | "spec">,
): FitPartFacts[] {
  const parts: FitPartFacts[] = [];
  const nodes = fitNodes(files);
  const { kernel } = files;
  let offset = 0;
  for (const piece of pieces) {
    if (piece.from === "wrapper") {
      offset += piece.bytes.length;
      continue;
    }
    const file = piece.from === "image" ? ramdisk : piece.file;
    const { name, size, digest } = file;
    const isKernel = kernel !== null && file === kernel;
    const ofKernel = isKernel
      ? { compression: kernel.compression, load: kernel.load, entry: kernel.entry }
      : {};
    const hashes = spec.hashes.map((algorithm) => {
      const { value } = hashOf(algorithm, file);
      return { algorithm, value: Buffer.from(value).toString("hex") };
    });
    parts.push({ node: nodes[parts.length]!, name, offset, size, digest, hashes, ...ofKernel });
    offset += size;
  }
  return parts;
}

function wrappedPiece(piece: FitPiece, files: readonly BesideFile[]): WrappedPiece {
  if (piece instanceof Uint8Array) return { from: "wrapper", bytes: piece };
  const file = files[piece.part];
  return file === undefined ? { from: "image" } : { from: "file", file };
}

function fitOf({ spec, files, arch, description, epoch }: FitOrder, ramdisk: Ramdisk): Fit {
  const { hashes: algorithms, data } = spec;
  const partOf = (file: Pick<BesideFile, "name" | "size" | "digest" | "crc">) => ({
    description: file.name,
    size: file.size,
    hashes: algorithms.map((algorithm) => hashOf(algorithm, file)),
  });
  const { kernel, fdts } = files;
  return {
    description,
    time: epoch,
    arch,
    kernel: kernel === null ? null : { ...kernel, ...partOf(kernel) },
    fdts: fdts.map(partOf),
    ramdisk: partOf(ramdisk),
    data,
  };
}

function hashOf(
  algorithm: FitHash["algorithm"],
  { digest, crc }: Pick<BesideFile, "digest" | "crc">,
): FitHash {
  if (algorithm === "crc32") return { algorithm, value: fdtU32(crc) };
  return { algorithm, value: Buffer.from(hexOfDigest(digest), "hex") };
}
