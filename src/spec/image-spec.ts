import type { OtherAlgorithm } from "../core/digest.ts";
import type { TreeName } from "../core/entry.ts";
import type { HostPath, TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { CompressorSpec } from "./compressors.ts";

export interface ImageSpec {
  /** Of layers that do not say otherwise. */
  readonly compressor: CompressorSpec;
  /** Begins with a dot. */
  readonly extension: string;
  readonly uInitrd: UInitrdSpec | null;
  readonly fit: FitSpec | null;
  readonly uki: UkiSpec | null;
  /** Null: nothing is known of the board. */
  readonly board: BoardSpec | null;
  /** Seconds since 1970, 0 to 4294967295: the mtime of every entry and of the uImage header. */
  readonly epoch: number;
  /** Each layer compressed in one stream. */
  readonly isSolid: boolean;
  /** Which digests the manifest gives besides SHA-256. */
  readonly digests: readonly OtherAlgorithm[];
}

export interface UInitrdSpec {
  /** As mkimage -A calls it; null: from the ELF machine of the contents. */
  readonly arch: string | null;
  /** As mkimage -C calls it. */
  readonly compression: string;
  readonly at: Span;
}

export interface FitSpec {
  readonly at: Span;
  /** As mkimage -A calls it; null: from the ELF machine of the contents. */
  readonly arch: string | null;
  readonly kernel: FitKernelSpec | null;
  readonly fdts: readonly FitFileSpec[];
  /** Behind the tree, or inside it. */
  readonly data: "external" | "embedded";
  readonly hashes: readonly ("sha256" | "crc32")[];
}

export interface FitFileSpec {
  /** Null: named by the command line. */
  readonly at: Span | null;
  readonly path: HostPath;
}

export interface FitKernelSpec extends FitFileSpec {
  readonly load: number;
  readonly entry: number;
  /** As mkimage -C calls it; null: as its first bytes say. */
  readonly compression: string | null;
}

/** A unified kernel image. */
export interface UkiSpec {
  /** Null: asked for by the command line. */
  readonly at: Span | null;
  readonly stub: UkiFileSpec;
  readonly kernel: UkiFileSpec;
  /** Null: as the kernel says. */
  readonly uname: string | null;
  readonly parts: readonly UkiPartSpec[];
}

export type UkiPartName = "osRelease" | "cmdline" | "fdt" | "splash" | "pcrPublicKey" | "microcode";

export interface UkiPartSpec {
  readonly part: UkiPartName;
  readonly content: { readonly text: string } | UkiFileSpec;
}

export interface UkiFileSpec {
  readonly at: Span | null;
  readonly file: FileName;
}

/** One file, by the tree in which its name is looked up. */
export interface FileName {
  readonly in: TreeName;
  readonly path: TargetPath;
}

/** Where things lie in a board's memory. */
export interface BoardSpec {
  readonly kernel: BoardArea | null;
  readonly fdt: BoardArea | null;
  readonly ramdisk: BoardArea | null;
}

export interface BoardArea {
  readonly at: Span;
  readonly name: string;
  readonly address: number;
  /** Bytes; null: as many as the image has. */
  readonly size: number | null;
}
