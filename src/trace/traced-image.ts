/** An image as explanations see it: its entries, where they are kept, and the graph that brought them. From a plan or from a manifest. */
import type { Digest } from "../core/digest.ts";
import type { Entry } from "../core/entry.ts";
import type { ByteString, TargetPath } from "../core/path.ts";
import type { ReferenceTable } from "../graph/reference-table.ts";

export interface TracedImage {
  readonly name: string;
  readonly layers: readonly TracedLayer[];
  /** In the order of the image; those too that a later layer lies over. */
  readonly entries: readonly TracedEntry[];
  readonly references: ReferenceTable;
}

export interface TracedLayer {
  readonly name: string;
  readonly segments: readonly TracedSegment[];
}

export interface TracedSegment {
  /** Bytes of its cpio body. */
  readonly size: number;
  /** Bytes of the member that it is in the image; null: it is none by itself, or has not been made. */
  readonly compressed: number | null;
}

export interface TracedEntry {
  readonly path: TargetPath;
  /** What its store path is called in the store, where that was renamed; else the path itself. */
  readonly original: TargetPath;
  readonly kind: Entry["kind"];
  /** Bytes of a file; else 0. */
  readonly size: number;
  /** Of a file that was read; else null. */
  readonly digest: Digest | null;
  /** Of a symlink; else null. */
  readonly to: ByteString | null;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Device numbers; else 0. */
  readonly major: number;
  readonly minor: number;
  /** Which layer, counted from 0, and which of its segments. */
  readonly layer: number;
  readonly segment: number;
  /** The layer that lies over it; null: what it says stands. */
  readonly overriddenBy: string | null;
  /** The node that brought it, by its number; null: a parent that no tree has. */
  readonly node: number | null;
}
