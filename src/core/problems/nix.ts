import type { ByteString, HostPath, TargetPath } from "../path.ts";
import type { Span } from "../span.ts";
import type { Chain } from "./chain.ts";

/** Holes in the closure of a Nix store. `path` is where a store path lies in the image. */
export type NixGraphProblem =
  | {
      readonly code: "graph/store-path-missing";
      readonly path: TargetPath;
      readonly chain: Chain;
      readonly tree: string;
    }
  /** `told`: who knows the references, and knows none of this path. */
  | {
      readonly code: "graph/store-path-unknown";
      readonly path: TargetPath;
      readonly chain: Chain;
      readonly told: string;
    }
  | { readonly code: "graph/not-a-store-path"; readonly path: TargetPath; readonly chain: Chain }
  | { readonly code: "graph/store-derivation"; readonly path: TargetPath; readonly chain: Chain }
  | { readonly code: "graph/store-foreign-file"; readonly path: TargetPath; readonly chain: Chain }
  /** Store paths that refer to one another; the last is the first again. */
  | { readonly code: "graph/store-cycle"; readonly paths: readonly ByteString[] }
  /**
   * A file that mentions a store path where no other name can stand: under a signature, under sums of its format, or
   * in what it packs. `what`: "kernel module", "gzip".
   */
  | {
      readonly code: "graph/cannot-rewrite";
      readonly path: TargetPath;
      readonly why: "signed" | "summed" | "packed";
      readonly what: string;
      readonly mentions: TargetPath;
      readonly chain: Chain;
    }
  | { readonly code: "graph/closure-file-missing"; readonly at: Span; readonly file: HostPath }
  /** `file` is a path, or whatever else told the references. */
  | {
      readonly code: "graph/bad-closure-file";
      readonly at: Span;
      readonly file: string;
      readonly why: string;
    };

/** What the machine's Nix, or its database, refused. */
export type NixHostProblem =
  | { readonly code: "host/nix-not-found"; readonly store: HostPath }
  | {
      readonly code: "host/nix-failed";
      readonly command: string;
      readonly exitCode: number | null;
      readonly complaint: string;
    }
  /** A store that does not lie at `<root>/<directory>` cannot be told to Nix. */
  | { readonly code: "host/nix-store-elsewhere"; readonly store: HostPath; readonly directory: ByteString }
  | { readonly code: "host/no-sqlite"; readonly database: HostPath; readonly node: string }
  | { readonly code: "host/bad-nix-database"; readonly database: HostPath; readonly what: string };
