/** `<name>.manifest.json`: what the image holds and what it was made of, the same text on every machine. */
import type { Digest, OtherDigests } from "../core/digest.ts";
import { decodeUtf8, nameOf, showPath } from "../core/path.ts";
import { showPlace } from "../core/span.ts";
import { isSilent, placeOfWarning, type Warning } from "../core/warning.ts";
import type { EmittedLayer } from "./emit-layers.ts";
import type { ImageMember, ImageParts, ManifestList, Measured, Packing, SecretPlace } from "./image.ts";

export const MANIFEST_VERSION = 3;

/** Characters that are written at a time. */
const PIECE_LENGTH = 1 << 16;
/** Bytes of UTF-8 that a character of a JavaScript string may take. */
const MOST_BYTES = 3;
const INITRD_SECTION = ".initrd";

export interface ImageFacts {
  readonly file: string;
  readonly size: number;
  readonly digest: Digest;
  /** Those that the recipe asks for. */
  readonly others: OtherDigests;
  /** What stands before its secrets; null: it has none. */
  readonly beforeSecrets: Measured | null;
  readonly members: readonly ImageMember[];
  /** What the kernel gets of it, without what is wrapped around it: where it begins in the file, and its own file. */
  readonly ramdisk: Pick<ImageFacts, "file" | "size" | "digest" | "others"> & { readonly offset: number };
  readonly wrapped: WrappedFacts;
  /** Layers that are files of their own; null: nobody asked for them. */
  readonly emitted: readonly EmittedLayer[] | null;
}

/** What U-Boot's legacy header says. Checksums as 8 hexadecimal digits. */
export interface UInitrdFacts {
  readonly arch: string;
  readonly compression: string;
  /** Of the header itself, and of all that stands behind it. */
  readonly headerCrc: string;
  readonly dataCrc: string;
}

/** What a manifest tells of a wrapper. Null: it is none of that kind. */
export interface WrappedFacts {
  readonly uInitrd: UInitrdFacts | null;
  readonly fit: FitFacts | null;
  readonly uki: UkiFacts | null;
}

export const NOT_WRAPPED: WrappedFacts = { uInitrd: null, fit: null, uki: null };

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

/** What UEFI and systemd-stub find in a unified kernel image. */
export interface UkiFacts {
  readonly stub: { readonly name: string; readonly digest: Digest };
  /** All there are, those of the stub too, in their order. */
  readonly sections: readonly UkiSectionFacts[];
}

export interface UkiSectionFacts {
  readonly name: string;
  /** Where it is loaded to, counted from the beginning of the image in memory. */
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly digest: Digest;
}

/** The manifest in UTF-8, in pieces, each valid until the next is asked for. */
export function* manifestBytes(image: ImageFacts, parts: ImageParts): Generator<Uint8Array> {
  let buffer = Buffer.alloc(0);
  for (const piece of manifestText(image, parts)) {
    if (buffer.length < piece.length * MOST_BYTES) buffer = Buffer.alloc(piece.length * MOST_BYTES);
    yield buffer.subarray(0, buffer.write(piece, "utf8"));
  }
}

/** JSON in pieces, every item of a list in a line of its own so that two manifests can be compared by lines. No paths of this machine, no times. */
function* manifestText(image: ImageFacts, parts: ImageParts): Generator<string> {
  const { spec, layers, early, packings } = parts;
  const members = image.members;
  const head = {
    manifest: MANIFEST_VERSION,
    name: spec.name,
    ...(image.beforeSecrets === null ? measuresOf(image) : measuresBesideSecrets(image, image.beforeSecrets)),
    epoch: spec.image.epoch,
    compressor: compressorFacts(packings.at(-1) ?? null),
    ...(image.emitted === null ? {} : { emitted: image.emitted.map(emittedFacts) }),
    early: early.map(({ path, size, digest, kind }) => ({ file: nameOf(path), size, digest, kind })),
    layers: layers.map(({ name, segments }, layer) => ({
      name,
      ...(layers.length === 1 ? {} : { compressor: compressorFacts(packings[layer]!) }),
      segments: segments.map(({ key, size }, index) => ({
        key,
        size,
        member: numberOf(members, name, index),
      })),
    })),
    members: members.map(memberFacts),
    ...(parts.secrets === null ? {} : { secrets: parts.secrets.places.map(secretFacts) }),
    warnings: parts.warnings.map((warning) => warningFacts(warning, isSilent(warning, spec.silence))),
  };
  yield JSON.stringify(head, null, 1).slice(0, -2);
  for (const list of parts.lists) yield* listText(list);
  yield "\n}\n";
}

function* listText({ name, items }: ManifestList): Generator<string> {
  let lines = `,\n ${JSON.stringify(name)}: [`;
  let separator = "\n";
  for (const item of items()) {
    lines += `${separator}  ${JSON.stringify(item)}`;
    separator = ",\n";
    if (lines.length < PIECE_LENGTH) continue;
    yield lines;
    lines = "";
  }
  yield `${lines}\n ]`;
}

function measuresOf({ wrapped, ...image }: ImageFacts): object {
  return { image: measured(image), ramdisk: measured(image.ramdisk), ...wrapperFacts(wrapped) };
}

/** No size and no sum that covers the secrets: a short one could be guessed from it. */
function measuresBesideSecrets({ file, ramdisk, wrapped }: ImageFacts, beforeSecrets: Measured): object {
  const { uInitrd, fit, uki } = wrapped;
  const { headerCrc: _, dataCrc: __, ...said } = uInitrd ?? {};
  return {
    image: { file, beforeSecrets },
    ramdisk: { file: ramdisk.file, offset: ramdisk.offset },
    ...(uInitrd === null ? {} : { uInitrd: said }),
    ...(fit === null ? {} : { fit: { ...fit, parts: fit.parts.map(partBesideSecrets) } }),
    ...(uki === null ? {} : { uki: { ...uki, sections: sectionsBesideSecrets(uki) } }),
  };
}

function partBesideSecrets(part: FitPartFacts, at: number, { length }: readonly FitPartFacts[]): object {
  const { node, name, offset } = part;
  return at === length - 1 ? { node, name, offset } : part; // the ramdisk is the last
}

/** Where those begin that stand behind the initrd tells of its size. */
function sectionsBesideSecrets({ sections }: UkiFacts): object[] {
  const initrd = sections.findIndex(({ name }) => name === INITRD_SECTION);
  return sections.map((section, at) => {
    const { name, address, offset, size, digest } = section;
    if (at < initrd) return section;
    return at === initrd ? { name, address, offset } : { name, size, digest };
  });
}

function memberFacts({ others, wasReused: _, layer, segment, ...facts }: ImageMember): object {
  const { role, kind, offset } = facts;
  if (role === "secrets") return { role, kind, offset };
  return { ...facts, ...others, ...(layer === null ? {} : { layer, segment }) };
}

/** Of the file with the secrets neither its size nor its digest. */
function emittedFacts({ layer, file, size, digest }: EmittedLayer): object {
  return digest === null ? { layer, file } : { layer, file, size, digest };
}

/** Neither its size nor its digest. */
function secretFacts({ path, mode, uid, gid }: SecretPlace): object {
  const bytes = decodeUtf8(path) === null ? { pathBytes: Buffer.from(path, "latin1").toString("hex") } : {};
  return { path: showPath(path), ...bytes, mode: mode.toString(8).padStart(4, "0"), uid, gid };
}

function compressorFacts(packing: Packing): object | null {
  return packing === null ? null : { name: packing.compressor.name, identity: packing.compressor.identity };
}

function wrapperFacts({ uInitrd, fit, uki }: WrappedFacts): object {
  return {
    ...(uInitrd === null ? {} : { uInitrd }),
    ...(fit === null ? {} : { fit }),
    ...(uki === null ? {} : { uki }),
  };
}

/** A warning as it is, its place in the recipe in one word. */
function warningFacts(warning: Warning, isSilenced: boolean): object {
  const at = placeOfWarning(warning);
  return { ...warning, ...(at ? { at: showPlace(at) } : {}), ...(isSilenced ? { silenced: true } : {}) };
}

type MeasuredFile = Pick<ImageFacts, "file" | "size" | "digest" | "others"> & { readonly offset?: number };

function measured({ file, offset, size, digest, others }: MeasuredFile): object {
  return { file, offset, size, digest, ...others };
}

/** Among the members; undefined for a segment that is part of a stream with others. */
function numberOf(members: readonly ImageMember[], layer: string, segment: number): number | undefined {
  const number = members.findIndex((one) => one.layer === layer && one.segment === segment);
  return number === -1 ? undefined : number;
}
