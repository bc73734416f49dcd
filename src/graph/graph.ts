/** The closure as a value: what goes into the image, and why. */
import type { ElfMachine } from "../core/arch.ts";
import type { Digest } from "../core/digest.ts";
import type { Entry, FileEntry } from "../core/entry.ts";
import type { ByteString } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { Warning } from "../core/warning.ts";
import type { NodeId, ReferenceGraph } from "./references.ts";

export interface Closure {
  readonly references: ReferenceGraph;
  /** Every entry that somebody wants in the image; several may claim one path (the plan decides). */
  readonly claims: readonly Claim[];
  /** Hash parts of store paths as they stand in the claims, by those that Nix gave them; empty: none was renamed. */
  readonly renamed: ReadonlyMap<ByteString, ByteString>;
  /** What is in a file, read where nobody has read it yet: for two that claim one path. */
  readonly contentOf: (entry: FileEntry) => Digest;
  /** The machine of the first ELF program of the contents; null: there is none. */
  readonly machine: ElfMachine | null;
  /** All of them, those that the recipe silences too. */
  readonly warnings: readonly Warning[];
}

/** An entry with the node of the graph that brings it. A copied tree is one node with many claims. */
export interface Claim {
  readonly entry: Entry;
  readonly by: NodeId;
  /** The recipe's line where the entry stands in it itself; null: it came by reference. */
  readonly at: Span | null;
  /** Whether the recipe or a copied tree asked for it; a parent that only came along gives way to it. */
  readonly isImplied: boolean;
  /** Which of the recipe's layers it belongs to, counted from 0. */
  readonly layer: number;
}
