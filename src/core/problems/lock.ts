import type { Digest } from "../digest.ts";
import type { LockedPlace } from "../lock.ts";

/** What a lock does not allow. `lock` is its file, as the user would name it. */
export type LockProblem =
  | { readonly code: "lock/missing"; readonly lock: string; readonly recipe: string }
  | { readonly code: "lock/unreadable"; readonly lock: string; readonly line: number; readonly why: string }
  | LockDrift;

/** Something is not as it was when the lock was written. */
export type LockDrift =
  | {
      readonly code: "lock/input-moved";
      readonly lock: string;
      readonly place: LockedPlace;
      readonly name: string;
      /** Null: it was no input then. */
      readonly was: Digest | null;
      /** Null: it is no input now. */
      readonly is: Digest | null;
      /** The reference that brings it: "needed libx.so.1 by /usr/bin/y". Empty: nobody knows. */
      readonly because: string;
    }
  /** Those that are not told one by one. */
  | { readonly code: "lock/others-moved"; readonly lock: string; readonly count: number }
  | { readonly code: "lock/recipe-moved"; readonly lock: string; readonly was: Digest; readonly is: Digest }
  | {
      readonly code: "lock/compressor-moved";
      readonly lock: string;
      readonly was: readonly string[];
      readonly is: readonly string[];
    }
  /** No input differs: names, modes, owners, times, symlinks, or the program that builds do. */
  | { readonly code: "lock/image-moved"; readonly lock: string; readonly was: Digest; readonly is: Digest };
