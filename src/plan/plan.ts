/** What the third stage decides: the entries, their order, the segments and their keys. */
import type { ActionKey } from "../core/digest.ts";
import type { Entry } from "../core/entry.ts";
import type { ByteString, TargetPath } from "../core/path.ts";
import type { ReferenceTable } from "../graph/reference-table.ts";
import type { LayerSpec } from "../spec/spec.ts";
import type { PlannedSecret } from "./place-secrets.ts";

export interface Plan {
  readonly layers: readonly LayerPlan[];
  /** What stands behind all layers; empty: nothing. */
  readonly secrets: readonly PlannedSecret[];
  /** Whether some file of the image is not for everybody's eyes: then the image is not either. */
  readonly isPrivate: boolean;
  /** Files that stand for several of equal content: had they differed, there would be no plan. */
  readonly compared: ReadonlySet<TargetPath>;
  /** Hash parts of store paths as they stand in the entries, by those that Nix gave them; empty: none was renamed. */
  readonly renamed: ReadonlyMap<ByteString, ByteString>;
  /** Why everything is there. */
  readonly references: ReferenceTable;
}

/** What one layer brings: of all that it refers to, what no earlier layer has. */
export interface LayerPlan extends Pick<LayerSpec, "name" | "compressor" | "extension" | "budget"> {
  readonly entries: readonly PlannedEntry[];
  readonly segments: readonly SegmentPlan[];
}

export interface PlannedEntry {
  readonly entry: Entry;
  /** The reference that brought it; null: a parent that no tree has. */
  readonly because: Cause | null;
}

/** The last step of the shortest chain from the recipe: who named it, why, and what was said. Empty for what the recipe's layout brings. */
export interface Cause {
  /** The node of the graph that brought it, by its number in the plan's table. */
  readonly node: number;
  readonly from?: string;
  readonly reason?: string;
  readonly says?: string;
}

/** A run of a layer's entries that is built, compressed and cached by itself. */
export interface SegmentPlan {
  /** Null: some of its files have not been read; whoever reads them makes it. */
  readonly key: ActionKey | null;
  /** The inode number of its first entry; the others count on from there. */
  readonly firstInode: number;
  readonly entries: readonly Entry[];
  /** Bytes of its cpio body. */
  readonly size: number;
}
