/** An entry: one object of the image. */
import type { Digest } from "./digest.ts";
import type { ByteString, TargetPath } from "./path.ts";
import type { FileVersion } from "./ports.ts";

/** Where a file's bytes are read when its layer is written. */
export type ContentSource =
  | TreeSource
  | { readonly from: "recipe"; readonly bytes: Uint8Array }
  /** A tree's file with other bytes at some places. */
  | { readonly from: "rewritten"; readonly file: TreeSource; readonly rewrites: readonly Rewrite[] };

export interface TreeSource {
  readonly from: "tree";
  readonly tree: TreeName;
  readonly path: TargetPath;
  /** What the file looked like when it was taken into the closure. */
  readonly version: FileVersion | null;
}

/** The tree's file that a content is made of; null: it stands in the recipe. */
export function treeSourceOf(source: ContentSource): TreeSource | null {
  if (source.from === "recipe") return null;
  return source.from === "rewritten" ? source.file : source;
}

/** Both texts are of one length. */
export interface Rewrite {
  /** Bytes from the file's start. */
  readonly at: number;
  readonly was: ByteString;
  readonly now: ByteString;
}

/** The trees that a build reads: the sysroot, the Nix store, and the building machine's files beside the recipe. */
export type TreeName = "sysroot" | "store" | "host";

interface Owned {
  readonly path: TargetPath;
  /** The permission bits with setuid, setgid and sticky: 0 to 07777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface DirectoryEntry extends Owned {
  readonly kind: "directory";
}

export interface FileEntry extends Owned {
  readonly kind: "file";
  readonly size: number;
  /** Null: nobody has read it yet; whoever writes it into a layer will. */
  readonly content: Digest | null;
  readonly source: ContentSource;
}

export interface SymlinkEntry extends Owned {
  readonly kind: "symlink";
  readonly to: ByteString;
}

export interface SpecialEntry extends Owned {
  readonly kind: "char" | "block" | "fifo" | "socket";
  /** Device numbers; 0 for a fifo and a socket. */
  readonly major: number;
  readonly minor: number;
}

export type Entry = DirectoryEntry | FileEntry | SymlinkEntry | SpecialEntry;

/** For the end of a `switch` over a union: the compiler proves that no case is left. */
export function unreachable(value: never): never {
  throw new TypeError(`no case for ${JSON.stringify(value)}`);
}
