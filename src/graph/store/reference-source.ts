/** Who says which store path refers to which. */
import type { ByteString } from "../../core/path.ts";

/** Names are those in the store directory: `<hash>-<name>`. */
export type KnownReferences = ReadonlyMap<ByteString, readonly ByteString[]>;

export type ReferenceSource =
  /** The contents themselves: every byte is searched for hashes of store paths. */
  | { readonly from: "scan" }
  /** Nix, which found them in the same way when it built the path. */
  | {
      readonly from: "known";
      /** Who told it, for messages and as evidence: "nix-store". */
      readonly told: string;
      /** What is known of all that can be reached from the roots. Throws BuildFailure. */
      closureOf(roots: readonly ByteString[]): KnownReferences;
    };
