/**
 * Wraps an initrd that is there, whoever made it, for U-Boot or UEFI. It is read twice: to see that the kernel would take it, and
 * into its place behind a wrapper that is written last, since it tells of the bytes. Nothing is held whole.
 */
import { crc32 } from "node:zlib";
import type { ElfMachine } from "../core/arch.ts";
import { startDigest } from "../core/digest.ts";
import { type HostPath, nameOf, showBytes, type TargetPath } from "../core/path.ts";
import type { Host, Output, Progress } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import type { UimageHeader } from "../formats/uimage.ts";
import { requireBootable } from "../inspect/bootable.ts";
import { MachineFinder } from "../inspect/find-machine.ts";
import { withImageFile } from "../inspect/list-image.ts";
import { type ImageContents, type ImageVisitor, readImage } from "../inspect/read-image.ts";
import { partOf, payloadOf } from "../inspect/wrapper.ts";
import type { FitSpec, UkiSpec } from "../spec/image-spec.ts";
import { resolveFile } from "../trees/open-source.ts";
import type { WrappedPiece } from "./fit.ts";
import { type FitFiles, readFitFiles } from "./fit-files.ts";
import { ImageFile, NO_MORE_SUMS, type Written } from "./image-file.ts";
import { makeUki } from "./uki.ts";
import { readUkiFiles } from "./uki-files.ts";
import { checkKernelAndContents, nameOfPe } from "./uki-machines.ts";
import { fitOrTooLarge, uInitrdArch, uInitrdHeader } from "./wrapping.ts";

export interface WrapOrder {
  readonly image: HostPath;
  readonly output: HostPath;
  readonly wrapper: WantedWrapper;
  /** As mkimage -A calls it; null: that of the image's first program. */
  readonly arch: string | null;
  /** Seconds since 1970. */
  readonly epoch: number;
}

export type WantedWrapper =
  | { readonly as: "uInitrd"; readonly name: string; readonly compression: UimageHeader["compression"] }
  | { readonly as: "fit"; readonly name: string; readonly fit: Omit<FitSpec, "at" | "arch"> }
  | { readonly as: "uki"; readonly uki: UkiSpec };

export interface WrappedFile {
  /** As mkimage calls it; of a unified kernel image as a recipe does. */
  readonly arch: string;
  /** Bytes. */
  readonly size: number;
  /** What was read; a wrapper that the image had is gone. */
  readonly contents: ImageContents;
}

export interface WrapPorts {
  readonly host: Pick<Host, "tree" | "findProgram" | "filterProgram" | "createOutput">;
  readonly tell: Progress;
}

const PIECE = 2 ** 20;
/** Before the payload is read; of the length that they will have. */
const NO_SUMS: Omit<Written, "size"> = { digest: startDigest().finish(), crc: 0, others: {} };

/**
 * Throws BuildFailure: what `listImage`, `readFitFiles` and `readUkiFiles` throw, image/uki-machines-differ, image/uinitrd-arch-unknown, image/too-large-for-*, and
 * host/file-changed.
 */
export function wrapFile(order: WrapOrder, ports: WrapPorts): Promise<WrappedFile> {
  return withImageFile(order.image, ports, async (source) => {
    const look = lookAtFiles(order.wrapper, ports);
    const finder = order.arch === null ? new MachineFinder() : null;
    const visitor: ImageVisitor = finder ?? { entry: () => {} };
    const contents = await readImage(source, visitor, ports);
    requireBootable(contents, order.image);
    const { arch, piecesFor } = look(order, contents, finder?.machine ?? null);
    const { offset, size } = payloadOf(source);
    const output = ports.host.createOutput(order.output, modeFor(order.image, ports));
    try {
      const file = new ImageFile(output, NO_MORE_SUMS, ports);
      let payload: Written = { size, ...NO_SUMS };
      for (const piece of piecesFor(payload)) {
        if (piece.from === "wrapper") file.put(piece.bytes);
        else if (piece.from === "file") file.putTreeFile(piece.file);
        else payload = await copyPayload(partOf(source, offset, size), file, order.image);
      }
      overwriteWrapper(piecesFor(payload), payload.size, output);
      output.commit();
      return { arch, size: file.size, contents };
    } finally {
      output.discard(); // harmless once it is committed
    }
  });
}

interface Wrapped {
  readonly arch: string;
  /** Of the same lengths whatever the sums of the payload are. */
  readonly piecesFor: (payload: Written) => readonly WrappedPiece[];
}

type Look = (order: WrapOrder, contents: ImageContents, machine: ElfMachine | null) => Wrapped;

/** The files that go along are looked at before the image is. */
function lookAtFiles(wrapper: WantedWrapper, ports: WrapPorts): Look {
  if (wrapper.as === "uki") return lookAtUki(wrapper.uki, ports);
  const files = wrapper.as === "fit" ? readFitFiles(wrapper.fit, ports) : null;
  return (order, contents, machine) => {
    const arch = archFor(order, contents, machine);
    return { arch, piecesFor: (payload) => ubootPieces(order, wrapper, arch, files, payload) };
  };
}

/** All of them are named by the command line, on the machine. */
function lookAtUki(uki: UkiSpec, { host }: WrapPorts): Look {
  const root = "/" as HostPath;
  const machine = { tree: host.tree(root), root };
  const files = readUkiFiles(uki, { sysroot: machine, store: machine, host: machine });
  const { pe } = files.kernel.facts;
  return (_order, _contents, contentMachine) => {
    checkKernelAndContents(null, pe, contentMachine);
    return { arch: nameOfPe(pe), piecesFor: (payload) => makeUki(files, payload).pieces };
  };
}

/** What is said, else what its programs say, else what the wrapper said that it comes from. */
function archFor({ arch }: WrapOrder, { wrapper }: ImageContents, machine: ElfMachine | null) {
  return uInitrdArch(
    { arch: arch ?? (machine === null ? (wrapper?.arch ?? null) : null), at: null },
    machine,
  );
}

function ubootPieces(
  { image, epoch }: WrapOrder,
  wrapper: Exclude<WantedWrapper, { readonly as: "uki" }>,
  arch: UimageHeader["arch"],
  files: FitFiles | null,
  payload: Written,
): WrappedPiece[] {
  const { name } = wrapper;
  if (wrapper.as === "uInitrd") {
    const { compression } = wrapper;
    const bytes = uInitrdHeader({ arch, compression, name, time: epoch }, payload, null);
    return [{ from: "wrapper", bytes }, { from: "image" }];
  }
  const fit = { spec: wrapper.fit, files: files!, arch, description: name, epoch };
  return fitOrTooLarge(fit, { ...payload, name: showBytes(nameOf(image)) }, null);
}

/** Who may read the image may read it wrapped. */
function modeFor(image: HostPath, { host }: WrapPorts): number {
  const path = resolveFile(image, host) ?? image;
  const facts = host.tree("/" as HostPath).stat(path.slice(1) as TargetPath);
  return 0o600 | ((facts?.mode ?? 0) & 0o044);
}

async function copyPayload(payload: ByteSource, file: ImageFile, path: HostPath): Promise<Written> {
  const digest = startDigest();
  let crc = 0;
  for (let at = 0; at < payload.size; ) {
    const piece = payload.read(at, PIECE);
    if (piece.length === 0) throw new BuildFailure([{ code: "host/file-changed", path }]);
    digest.update(piece);
    crc = crc32(piece, crc);
    file.put(piece);
    at += piece.length;
    await pause();
  }
  return { size: payload.size, digest: digest.finish(), crc, others: {} };
}

/** Reading and writing are synchronous: without a pause no signal would be heard. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** With the same pieces as before, but for what they tell of the payload. */
function overwriteWrapper(pieces: readonly WrappedPiece[], payloadSize: number, output: Output): void {
  let at = 0;
  for (const piece of pieces) {
    if (piece.from === "wrapper") {
      output.writeAt(piece.bytes, at);
      at += piece.bytes.length;
    } else at += piece.from === "file" ? piece.file.size : payloadSize;
  }
}
