/** `<name>.manifest.json`: what the image holds and what it was made of, the same text on every machine. */
import type { Digest, OtherDigests } from "../core/digest.ts";
import { nameOf } from "../core/path.ts";
import { showPlace } from "../core/span.ts";
import { isSilent, placeOfWarning, type Warning } from "../core/warning.ts";
import type { ImageMember, ImageParts } from "./image.ts";

export const MANIFEST_VERSION = 2;

/** Characters that are written at a time. */
const PIECE_LENGTH = 1 << 16;
/** Bytes of UTF-8 that a character of a JavaScript string may take. */
const MOST_BYTES = 3;

export interface ImageFacts {
  readonly file: string;
  readonly size: number;
  readonly digest: Digest;
  /** Those that the recipe asks for. */
  readonly others: OtherDigests;
  readonly members: readonly ImageMember[];
  /** What the kernel gets of it, without what is wrapped around it: where it begins in the file, and its own file. */
  readonly ramdisk: Pick<ImageFacts, "file" | "size" | "digest" | "others"> & { readonly offset: number };
  /** Null: it is none. */
  readonly uInitrd: UInitrdFacts | null;
  /** Null: it is none. */
  readonly fit: FitFacts | null;
}

/** What U-Boot's legacy header says. Checksums as 8 hexadecimal digits. */
export interface UInitrdFacts {
  readonly arch: string;
  readonly compression: string;
  /** Of the header itself, and of all that stands behind it. */
  readonly headerCrc: string;
  readonly dataCrc: string;
}

/** What U-Boot finds in a FIT image. */
export interface FitFacts {
  readonly arch: string;
  readonly data: "external" | "embedded";
  /** Kernel, device trees and ramdisk, as they stand in the file. */
  readonly parts: readonly FitPartFacts[];
}

export interface FitPartFacts {
  readonly node: string;
  /** Of the file that it was. */
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly digest: Digest;
  /** As the nodes hash-1, hash-2 say: hexadecimal digits. */
  readonly hashes: readonly { readonly algorithm: string; readonly value: string }[];
  /** Of a kernel alone. */
  readonly compression?: string;
  readonly load?: number;
  readonly entry?: number;
}

/** The manifest in UTF-8, in pieces, each valid until the next is asked for. */
export function* manifestBytes(image: ImageFacts, parts: ImageParts): Generator<Uint8Array> {
  let buffer = Buffer.alloc(0);
  for (const piece of manifestText(image, parts)) {
    if (buffer.length < piece.length * MOST_BYTES) buffer = Buffer.alloc(piece.length * MOST_BYTES);
    yield buffer.subarray(0, buffer.write(piece, "utf8"));
  }
}

/** JSON in pieces, every entry in a line of its own so that two manifests can be compared by lines. No paths of this machine, no times. */
function* manifestText(image: ImageFacts, parts: ImageParts): Generator<string> {
  const { spec, layers, early, prepared } = parts;
  const members = image.members;
  const head = {
    manifest: MANIFEST_VERSION,
    name: spec.name,
    image: measured(image),
    ramdisk: measured(image.ramdisk),
    ...(image.uInitrd === null ? {} : { uInitrd: image.uInitrd }),
    ...(image.fit === null ? {} : { fit: image.fit }),
    epoch: spec.image.epoch,
    compressor:
      prepared === null ? null : { name: prepared.compressor.name, identity: prepared.compressor.identity },
    early: early.map(({ path, size, digest, kind }) => ({ file: nameOf(path), size, digest, kind })),
    layers: layers.map(({ name, segments }) => ({
      name,
      segments: segments.map(({ key, size }, index) => ({
        key,
        size,
        member: numberOf(members, name, index),
      })),
    })),
    members: members.map(({ others, wasReused: _, layer, segment, ...facts }) => ({
      ...facts,
      ...others,
      ...(layer === null ? {} : { layer, segment }),
    })),
    warnings: parts.warnings.map((warning) => warningFacts(warning, isSilent(warning, spec.silence))),
  };
  yield `${JSON.stringify(head, null, 1).slice(0, -2)},\n "entries": [\n`;
  let lines = "";
  let separator = "";
  for (const entry of parts.entries()) {
    lines += `${separator}  ${JSON.stringify(entry)}`;
    separator = ",\n";
    if (lines.length < PIECE_LENGTH) continue;
    yield lines;
    lines = "";
  }
  yield `${lines}\n ]\n}\n`;
}

/** A warning as it is, its place in the recipe in one word. */
function warningFacts(warning: Warning, isSilenced: boolean): object {
  const at = placeOfWarning(warning);
  return { ...warning, ...(at ? { at: showPlace(at) } : {}), ...(isSilenced ? { silenced: true } : {}) };
}

type Measured = Pick<ImageFacts, "file" | "size" | "digest" | "others"> & { readonly offset?: number };

function measured({ file, offset, size, digest, others }: Measured): object {
  return { file, offset, size, digest, ...others };
}

/** Among the members; undefined for a segment that is part of a stream with others. */
function numberOf(members: readonly ImageMember[], layer: string, segment: number): number | undefined {
  const number = members.findIndex((one) => one.layer === layer && one.segment === segment);
  return number === -1 ? undefined : number;
}
