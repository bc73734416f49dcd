import type { TargetPath } from "../path.ts";
import type { Span } from "../span.ts";

/** One side of a conflict: what wants to be at the path, and where it comes from. */
export interface Claimant {
  /** "a directory", "a symlink to usr/lib", "a file of 12 bytes". */
  readonly what: string;
  /** "recipes/router.yaml:12:5", or the chain that brought it. */
  readonly origin: string;
}

/** What the kernel does to an earlier layer's entry, or to the later one. */
export type LayerLoss = "directory-stays" | "symlink-goes" | "device-stays";

/** Things that cannot stand in one image together. */
export type PlanProblem =
  | {
      readonly code: "plan/conflict";
      readonly path: TargetPath;
      readonly first: Claimant;
      readonly second: Claimant;
    }
  | {
      readonly code: "plan/parent-not-directory";
      readonly path: TargetPath;
      readonly parent: TargetPath;
      readonly first: Claimant;
      readonly second: Claimant;
    }
  | {
      readonly code: "plan/overlays-layer";
      readonly path: TargetPath;
      readonly what: LayerLoss;
      /** The earlier layer's. */
      readonly first: Claimant;
      readonly second: Claimant;
    }
  | {
      readonly code: "plan/overlays-early";
      readonly path: TargetPath;
      readonly first: Claimant;
      readonly second: Claimant;
    }
  | { readonly code: "plan/file-too-large"; readonly path: TargetPath; readonly size: number }
  | {
      readonly code: "plan/name-too-long";
      readonly path: TargetPath;
      readonly length: number;
      readonly limit: number;
    }
  | {
      readonly code: "plan/symlink-too-long";
      readonly path: TargetPath;
      readonly length: number;
      readonly limit: number;
    }
  | { readonly code: "plan/reserved-name"; readonly path: TargetPath }
  | {
      readonly code: "plan/over-budget";
      readonly at: Span;
      /** What is too large: the finished file, or the content of all files. */
      readonly what: "image" | "unpacked";
      /** The layer whose budget it is; null: the whole image's. */
      readonly layer: string | null;
      /** Bytes. */
      readonly size: number;
      readonly limit: number;
      /** The largest files first. */
      readonly largest: readonly {
        readonly path: TargetPath;
        readonly size: number;
        readonly origin: string;
      }[];
    }
  | { readonly code: "plan/empty-image" };
