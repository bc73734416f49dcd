/** What is put around a finished image: a uInitrd's header or a FIT image for U-Boot, or a unified kernel image for UEFI. */
import { archOf, type ElfMachine } from "../core/arch.ts";
import { BuildFailure } from "../core/problem.ts";
import type { Span } from "../core/span.ts";
import { hex32 } from "../formats/bytes.ts";
import { FIT_LIMIT } from "../formats/fit.ts";
import { FormatError } from "../formats/format-error.ts";
import {
  decodeUimageHeader,
  encodeUimageHeader,
  isUimageName,
  type UimageHeader,
  uimageHeaderCrc,
} from "../formats/uimage.ts";
import type { FitSpec, UInitrdSpec } from "../spec/image-spec.ts";
import { type FitOrder, fitPieces, partsIn, type Ramdisk, type WrappedPiece } from "./fit.ts";
import { filesOf } from "./fit-files.ts";
import type { ImageParts } from "./image.ts";
import type { Written } from "./image-file.ts";
import { NOT_WRAPPED, type UInitrdFacts, type WrappedFacts } from "./manifest.ts";
import { makeUki } from "./uki.ts";

export const UINITRD_EXTENSION = ".img";
export const FIT_EXTENSION = ".itb";
export const UKI_EXTENSION = ".efi";
const MAX_U32 = 0xffff_ffff;

export interface Wrapping {
  readonly extension: string;
  /** The image is one of them. */
  readonly pieces: readonly WrappedPiece[];
  /** Where the image begins. Bytes. */
  readonly imageAt: number;
  readonly facts: WrappedFacts;
}

/** Null: the image stays as it is. Throws BuildFailure: image/too-large-for-uinitrd, -fit, -uki, image/uinitrd-arch-unknown. */
export function wrappingOf(bare: Written, parts: ImageParts): Wrapping | null {
  const { uInitrd, fit } = parts.spec.image;
  const { ukiFiles } = parts;
  if (uInitrd !== null) {
    const bytes = headerOf(uInitrd, bare, parts);
    const pieces: WrappedPiece[] = [{ from: "wrapper", bytes }, { from: "image" }];
    const facts = { ...NOT_WRAPPED, uInitrd: headerFacts(bytes) };
    return { extension: UINITRD_EXTENSION, pieces, imageAt: bytes.length, facts };
  }
  if (ukiFiles !== null) {
    const { pieces, imageAt, facts: uki } = makeUki(ukiFiles, bare);
    return { extension: UKI_EXTENSION, pieces, imageAt, facts: { ...NOT_WRAPPED, uki } };
  }
  if (fit === null) return null;
  const ramdisk = { ...bare, name: `${parts.spec.name}${parts.spec.image.extension}` };
  const order = fitOrder(fit, parts);
  const pieces = fitOrTooLarge(order, ramdisk, fit.at);
  const placed = partsIn(pieces, ramdisk, order);
  const facts = { arch: uInitrdArch(fit, parts.machine), data: fit.data, parts: placed };
  const imageAt = placed.at(-1)!.offset;
  return { extension: FIT_EXTENSION, pieces, imageAt, facts: { ...NOT_WRAPPED, fit: facts } };
}

/** U-Boot's name of the machine. Throws BuildFailure image/uinitrd-arch-unknown. */
export function uInitrdArch(
  { arch: said, at }: { readonly arch: string | null; readonly at: Span | null },
  machine: ElfMachine | null,
): UimageHeader["arch"] {
  const arch = machine === null ? null : archOf(machine);
  const name = said ?? arch?.uboot ?? null;
  if (name !== null && isUimageName("arch", name)) return name;
  const shown = name ?? arch?.name ?? null;
  throw new BuildFailure([{ code: "image/uinitrd-arch-unknown", at, arch: shown }]);
}

function headerOf(
  { arch, compression, at }: UInitrdSpec,
  payload: Written,
  { spec, machine }: Pick<ImageParts, "spec" | "machine">,
): Uint8Array {
  if (!isUimageName("compression", compression)) throw new TypeError(`spec let ${compression} pass`);
  const facts = { arch: uInitrdArch({ arch, at }, machine), compression, name: "", time: spec.image.epoch };
  return uInitrdHeader(facts, payload, at);
}

/** Throws BuildFailure image/too-large-for-uinitrd. */
export function uInitrdHeader(
  facts: Pick<UimageHeader, "arch" | "compression" | "name" | "time">,
  { size, crc }: Pick<Written, "size" | "crc">,
  at: Span | null,
): Uint8Array {
  if (size > MAX_U32) throw new BuildFailure([{ code: "image/too-large-for-uinitrd", at, size }]);
  const addresses = { loadAddress: 0, entryPoint: 0 }; // of no use to a ramdisk
  return encodeUimageHeader({
    os: "linux",
    type: "ramdisk",
    ...facts,
    ...addresses,
    dataSize: size,
    dataCrc: crc,
  });
}

/** As the manifest gives it. */
function headerFacts(bytes: Uint8Array): UInitrdFacts {
  const { arch, compression, dataCrc } = decodeUimageHeader(bytes);
  return { arch, compression, headerCrc: hex32(uimageHeaderCrc(bytes)), dataCrc: hex32(dataCrc) };
}

function fitOrder(fit: FitSpec, { spec, machine, fitFiles }: ImageParts): FitOrder {
  if (fitFiles === null) throw new TypeError("the files of a FIT image were not looked at");
  return {
    spec: fit,
    files: fitFiles,
    arch: uInitrdArch(fit, machine),
    description: spec.name,
    epoch: spec.image.epoch,
  };
}

/** Throws BuildFailure image/too-large-for-fit. */
export function fitOrTooLarge(order: FitOrder, ramdisk: Ramdisk, at: Span | null): WrappedPiece[] {
  try {
    return fitPieces(order, ramdisk);
  } catch (error) {
    if (!(error instanceof FormatError) || error.code !== "too-large") throw error;
    const size = filesOf(order.files).reduce((sum, file) => sum + file.size, ramdisk.size);
    throw new BuildFailure([{ code: "image/too-large-for-fit", at, size, limit: FIT_LIMIT }]);
  }
}
