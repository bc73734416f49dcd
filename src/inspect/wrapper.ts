/** What a boot loader wants around an image (U-Boot its legacy header or a FIT image, UEFI a unified kernel image), and the image inside. */
import { crc32 } from "node:zlib";
import { ARCHES } from "../core/arch.ts";
import { hexOfDigest, startDigest } from "../core/digest.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { isFdt } from "../formats/fdt-decode.ts";
import { decodeFit } from "../formats/fit-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import { decodePe, elfMachineOf, isPe, sectionSizeInFile } from "../formats/pe.ts";
import { decodeUimageHeader, isUimage, UIMAGE_HEADER_SIZE, type UimageHeader } from "../formats/uimage.ts";
import { UkiError } from "../formats/uki-stub.ts";

export type Wrapper = UInitrdWrapper | FitWrapper | UkiWrapper;

export interface UInitrdWrapper extends UimageHeader {
  readonly kind: "uInitrd";
}

export interface FitWrapper {
  readonly kind: "fit";
  readonly description: string;
  /** Of the ramdisk. */
  readonly arch: string;
  /** Nodes of all images in it, and the one that was read. */
  readonly images: readonly string[];
  readonly ramdisk: string;
  readonly hashes: readonly { readonly algorithm: string; readonly hex: string }[];
}

export interface UkiWrapper {
  readonly kind: "uki";
  /** As U-Boot calls it, as the others do; null: it has no name for it. */
  readonly arch: string | null;
  /** Those of the stub too. */
  readonly sections: readonly string[];
}

/** An image inside its wrapper: where it begins and how many bytes it takes, in the file. */
export interface Payload {
  /** Null: there is none, and the image is the whole file. */
  readonly wrapper: Wrapper | null;
  readonly offset: number;
  readonly size: number;
}

const PIECE = 2 ** 20;

/** Throws FormatError for a wrapper that is damaged. */
export function payloadOf(source: ByteSource): Payload {
  const head = Uint8Array.from(source.read(0, UIMAGE_HEADER_SIZE));
  if (isUimage(head)) {
    const header = decodeUimageHeader(head);
    const wrapper = { kind: "uInitrd", ...header } as const;
    return { wrapper, offset: UIMAGE_HEADER_SIZE, size: header.dataSize };
  }
  if (isPe(head)) return payloadOfUki(source);
  if (!isFdt(head)) return { wrapper: null, offset: 0, size: source.size };
  const { description, images, ramdisk } = decodeFit(source);
  const hashes = ramdisk.hashes.map(({ algorithm, value }) => ({
    algorithm,
    hex: Buffer.from(value).toString("hex"),
  }));
  const { name, arch, offset, size } = ramdisk;
  return { wrapper: { kind: "fit", description, arch, images, ramdisk: name, hashes }, offset, size };
}

/** What systemd-stub gives to the kernel, but for what it makes itself. */
function payloadOfUki(source: ByteSource): Payload {
  const pe = decodePe(source);
  const machine = elfMachineOf(pe);
  const arch = ARCHES.find((one) => one.machine === machine?.machine && one.bits === machine.bits);
  const initrd = pe.sections.find(({ name }) => name === ".initrd");
  if (initrd === undefined) throw new UkiError("no-initrd", 0, "a PE file without a section .initrd");
  const sections = pe.sections.map(({ name }) => name);
  const wrapper = { kind: "uki", arch: arch?.uboot ?? null, sections } as const;
  return { wrapper, offset: initrd.offset, size: sectionSizeInFile(initrd) };
}

/** The bytes from a place on, so many of them. */
export function partOf(source: ByteSource, from: number, size: number): ByteSource {
  if (from === 0 && size === source.size) return source;
  return {
    size,
    read: (position, length) => source.read(from + position, Math.max(0, Math.min(length, size - position))),
  };
}

/**
 * Throws FormatError where the image is short, or a checksum is not what the wrapper says.
 * @returns what is odd, one sentence each: checksums of kinds that are not known here.
 */
export function verifyPayload(source: ByteSource, { wrapper, offset, size }: Payload): string[] {
  if (wrapper === null || wrapper.kind === "uki") return [];
  const wanted =
    wrapper.kind === "fit"
      ? wrapper.hashes
      : [{ algorithm: "crc32", hex: wrapper.dataCrc.toString(16).padStart(8, "0") }];
  const name = wrapper.kind === "fit" ? "a FIT image" : "a uInitrd";
  const isWanted = (algorithm: string) => wanted.some((sum) => sum.algorithm === algorithm);
  const sums = sumsOf(partOf(source, offset, size), isWanted);
  if (sums.seen < size) {
    throw new FormatError("truncated", offset + sums.seen, `${name} promises ${size} bytes`);
  }
  const remarks: string[] = [];
  for (const { algorithm, hex } of wanted) {
    const sum = algorithm === "crc32" || algorithm === "sha256" ? sums[algorithm] : null;
    if (sum === null) remarks.push(`the ${algorithm} of the ramdisk was not verified`);
    else if (sum !== hex) {
      throw new FormatError(
        "bad-sum",
        offset,
        `the ${algorithm.toUpperCase()} of the ramdisk in ${name} is wrong`,
      );
    }
  }
  return remarks;
}

function sumsOf(payload: ByteSource, isWanted: (algorithm: string) => boolean) {
  const [wantsCrc, wantsDigest] = [isWanted("crc32"), isWanted("sha256")];
  const sha256 = startDigest();
  let crc = 0;
  let seen = 0;
  for (let piece = payload.read(0, PIECE); piece.length > 0; piece = payload.read(seen, PIECE)) {
    if (wantsCrc) crc = crc32(piece, crc);
    if (wantsDigest) sha256.update(piece);
    seen += piece.length;
  }
  return { seen, crc32: crc.toString(16).padStart(8, "0"), sha256: hexOfDigest(sha256.finish()) };
}
