/** What an image was made of, in the terms of a lock file: a later build can be held to it. */
import type { Digest } from "./digest.ts";
import type { TreeName } from "./entry.ts";

export interface Lock {
  /** Of the recipe's text. */
  readonly recipe: Digest;
  /** All that decides which bytes the compressor makes; empty: the image is not compressed. */
  readonly compressor: readonly string[];
  /** Every file that was read, by a name that is the same on every machine. */
  readonly inputs: Readonly<Record<LockedPlace, ReadonlyMap<string, Digest>>>;
  /** Of a content-pure image: the store paths that its own are made of, for people. */
  readonly originals: ReadonlyMap<string, string>;
  /** Of one with secrets, what stands before them: nobody who reads a lock is to learn anything of a secret. */
  readonly image: { readonly file: string; readonly size: number; readonly digest: Digest };
}

export const LOCKED_PLACES = ["sysroot", "store", "host", "prepend"] as const;
export type LockedPlace = TreeName | "prepend";
