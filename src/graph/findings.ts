/** What a scanner finds in a file: references that lead somewhere, and holes where one should. */
import type { ByteString, TargetPath } from "../core/path.ts";
import type { Chain } from "../core/problems/chain.ts";
import type { GraphProblem } from "../core/problems/graph.ts";
import type { ResolvedPath } from "../trees/resolve-path.ts";
import type { Reason } from "./references.ts";
import type { ScannedFile } from "./scan-file.ts";

export type Finding = FoundReference | Hole;

export interface FoundReference {
  readonly kind: "reference";
  /** Who says so: the scanned file, or a library on the way. */
  readonly by: TargetPath;
  readonly to: ResolvedPath;
  readonly reason: Reason;
  readonly says: string;
  readonly found: string;
  readonly tried: readonly string[];
  /** A library that the loader finds through its cache alone. */
  readonly needsCache: boolean;
}

export interface Hole {
  readonly kind: "hole";
  readonly by: TargetPath;
  /** The names under which `allow` may accept it. */
  readonly names: readonly string[];
  readonly problem: (chain: Chain) => GraphProblem;
  /** Sonames of which each closes the hole where any file of the finished closure bears it; none: nothing else can. */
  readonly closedBy: readonly ByteString[];
}

/** Who leads to a file, without the file itself: for a problem that names the file. */
export function referrersIn(chain: Chain): Chain {
  return { ...chain, through: chain.through.slice(1) };
}

/** A file of the closure, as a scanner gets it. */
export interface FileToScan {
  readonly path: TargetPath;
  readonly mode: number;
  readonly scanned: ScannedFile;
}
