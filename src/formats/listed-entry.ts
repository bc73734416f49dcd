/** An entry as lists of other tools tell it: a file by where its bytes lie. */
import type { ByteString, TargetPath } from "../core/path.ts";

interface Owned {
  readonly path: TargetPath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type ListedEntry =
  | (Owned & { readonly kind: "file"; readonly location: ByteString; readonly size: number })
  | (Owned & { readonly kind: "symlink"; readonly to: ByteString })
  | (Owned & { readonly kind: "char" | "block"; readonly major: number; readonly minor: number })
  | (Owned & { readonly kind: "directory" | "fifo" | "socket" });
