/** What the last stage takes, and what it gives. */
import type { ElfMachine } from "../core/arch.ts";
import type { Digest, OtherDigests } from "../core/digest.ts";
import type { HostPath, TargetPath } from "../core/path.ts";
import type { Progress } from "../core/ports.ts";
import type { Warning } from "../core/warning.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { MemberKind } from "../inspect/read-image.ts";
import type { Layer } from "../layers/build-layers.ts";
import type { MemberKeeper } from "../layers/member-keeper.ts";
import type { Spec } from "../spec/spec.ts";
import type { CompressionPorts, Compressor } from "./compressor.ts";
import type { FitFiles } from "./fit-files.ts";
import type { ImageFacts } from "./manifest.ts";
import type { UkiFiles } from "./uki-files.ts";

/** A compressor of a recipe, found and tried on this machine. */
export interface PreparedCompressor {
  readonly compressor: Compressor;
  readonly kind: Exclude<MemberKind, "plain">;
}

/** Null: it is not compressed. Layers of one compressor have the same one. */
export type Packing = PreparedCompressor | null;

export interface ImageParts {
  readonly spec: Spec;
  /** With their members where each segment is one; else their members are their bodies. */
  readonly layers: readonly Layer[];
  readonly early: readonly EarlySegment[];
  /** Of each layer. */
  readonly packings: readonly Packing[];
  /** What else goes into a FIT image; null: it becomes none. */
  readonly fitFiles: FitFiles | null;
  /** What else goes into a unified kernel image; null: it becomes none. */
  readonly ukiFiles: UkiFiles | null;
  /** The machine of the contents, for U-Boot; null: they have none. */
  readonly machine: ElfMachine | null;
  /** What the manifest lists, item by item: every entry of the image, and the graph. Anything that JSON can say. */
  readonly lists: readonly ManifestList[];
  readonly warnings: readonly Warning[];
  /** What stands behind all layers; null: nothing. */
  readonly secrets: ImageSecrets | null;
  /** What else goes beside the image. */
  readonly documents: readonly ImageDocument[];
  /** Asked when all is written and nothing is to be seen yet: what it throws leaves the earlier result as it was. */
  readonly approve: (image: ApprovedImage) => void;
  /** Whether only the owner may read the image. */
  readonly isPrivate: boolean;
  /** Where the outputs go. */
  readonly out: HostPath;
  /** Whether each layer is also written as a file of its own. */
  readonly emitsLayers: boolean;
}

export interface ManifestList {
  readonly name: string;
  readonly items: () => Iterable<unknown>;
}

/** An image's secrets while it is built. */
export interface ImageSecrets {
  /** Where they stand, and what may be told of each. */
  readonly places: readonly SecretPlace[];
  /** Their archive, without a trailer. Read when all before it is written. Throws BuildFailure. */
  readonly read: () => Uint8Array;
}

export interface SecretPlace {
  readonly path: TargetPath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Bytes of an image, and their digest. */
export interface Measured {
  readonly size: number;
  readonly digest: Digest;
}

export interface ApprovedImage {
  readonly file: string;
  /** Bytes of the file. */
  readonly size: number;
  /** What of the image may be told and held to: all of it, or what stands before its secrets. */
  readonly lasting: Measured;
  readonly members: readonly ImageMember[];
}

/** A file that tells of the image, of the image's name with a suffix. */
export interface ImageDocument {
  readonly suffix: string;
  /** Its bytes, each piece valid until the next is asked for. */
  readonly pieces: (image: ImageFacts) => Iterable<Uint8Array>;
}

/** What has to be known to begin. */
export type ImageOrder = Pick<
  ImageParts,
  "spec" | "packings" | "early" | "isPrivate" | "out" | "emitsLayers"
>;

/** An image that is written while its members are made. */
export interface GrowingImage {
  /** Each member goes into the image in the order in which it is asked for: one layer after the other. */
  keeperOf(layer: number): MemberKeeper;
  /** Writes what is left, the manifest and the symlink to it. Throws BuildFailure, and DamagedContent: then it is to be begun anew. */
  finish(parts: ImageParts): Promise<Image>;
  /** Harmless once it is finished. */
  discard(): Promise<void>;
}

export interface ImagePorts extends CompressionPorts {
  readonly tell: Progress;
}

/** A piece of the finished file, in order and without gaps but zeros. */
export interface ImageMember {
  readonly role: "early" | "segment" | "trailer" | "whole" | "secrets";
  readonly kind: MemberKind;
  /** Bytes from the beginning of the file, what is wrapped around it included. */
  readonly offset: number;
  readonly size: number;
  /** Null: of secrets none is taken. */
  readonly digest: Digest | null;
  /** Those that the recipe asks for. */
  readonly others: OtherDigests;
  /** The layer's name; null where it belongs to none. */
  readonly layer: string | null;
  /** Which segment of the layer, counted from 0. */
  readonly segment: number | null;
  /** Whether the compressed bytes were in the store already; always true for what is not compressed. */
  readonly wasReused: boolean;
}

export interface Image {
  /** The final file: what `<name>` points at. */
  readonly path: HostPath;
  readonly size: number;
  /** Null, and no others: it holds secrets, and a short one could be guessed from a digest that covers it. */
  readonly digest: Digest | null;
  /** Those that the recipe asks for. */
  readonly others: OtherDigests;
  readonly members: readonly ImageMember[];
  /** All that was written: the image, what a boot loader wants around it, the manifest, the symlink. */
  readonly outputs: readonly HostPath[];
}
