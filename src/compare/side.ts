/** One of two images that are compared: what lies where once it is unpacked, and what is known of it beside. */
import type { Digest } from "../core/digest.ts";
import type { Entry } from "../core/entry.ts";
import type { ByteString, TargetPath } from "../core/path.ts";
import type { TracedImage } from "../trace/traced-image.ts";

export interface Side {
  /** By path, in the order of the image. What a later entry lies over is not among them. */
  readonly entries: ReadonlyMap<TargetPath, SideEntry>;
  /** Null: nobody knows why anything is there. */
  readonly traced: TracedImage | null;
  /** Null: there are no bytes to look at. */
  readonly packing: Packing | null;
}

export interface SideEntry {
  readonly path: TargetPath;
  readonly kind: Entry["kind"];
  /** Bytes of a file; else 0. */
  readonly size: number;
  /** Null: it is no file, or an empty one, or nobody has read it. */
  readonly digest: Digest | null;
  readonly to: ByteString | null;
  /** Permission bits: 0 to 07777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly major: number;
  readonly minor: number;
  /** Seconds since 1970; null: nobody says. */
  readonly mtime: number | null;
}

/** How the bytes of an image stand in its file. */
export interface Packing {
  /** Bytes of the file. */
  readonly size: number;
  readonly digest: Digest;
  readonly wrapper: string | null;
  /** How each member is kept, in order. */
  readonly members: readonly string[];
}
