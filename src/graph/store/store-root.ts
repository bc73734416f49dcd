/** What is asked of a Nix store. */
import type { ByteString } from "../../core/path.ts";
import type { NodeId } from "../references.ts";

/** A store path that the recipe, or a file of the image, names. */
export interface StoreRoot {
  /** `<hash>-<name>`. */
  readonly name: ByteString;
  /** Who names it first; must be in the graph. */
  readonly by: NodeId;
  /** In which of the recipe's layers, counted from 0. */
  readonly layer: number;
}
