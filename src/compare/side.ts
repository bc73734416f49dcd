/** One of two images that are compared: what lies where once it is unpacked, and what is known of it beside. */
import type { Digest } from "../core/digest.ts";
import type { TargetPath } from "../core/path.ts";
import type { TracedEntry, TracedImage } from "../trace/traced-image.ts";

export interface Side {
  /** By path, in the order of the image. What a later entry lies over is not among them. */
  readonly entries: ReadonlyMap<TargetPath, SideEntry>;
  /** Null: nobody knows why anything is there. */
  readonly traced: TracedImage | null;
  /** Null: there are no bytes to look at. */
  readonly packing: Packing | null;
}

/** What a graph's entry says of itself, and its time where an image tells one. */
export interface SideEntry extends Pick<TracedEntry, EntryFact> {
  /** Seconds since 1970; null: nobody says. */
  readonly mtime: number | null;
}

type EntryFact = "path" | "kind" | "size" | "digest" | "to" | "mode" | "uid" | "gid" | "major" | "minor";

/** How the bytes of an image stand in its file. */
export interface Packing {
  /** Bytes of the file. */
  readonly size: number;
  readonly digest: Digest;
  readonly wrapper: string | null;
  /** How each member is kept, in order. */
  readonly members: readonly string[];
}
