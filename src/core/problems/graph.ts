import type { ByteString, TargetPath } from "../path.ts";
import type { Span } from "../span.ts";
import type { Chain } from "./chain.ts";
import type { NixGraphProblem } from "./nix.ts";

/** Holes in the closure, and files that are not what they should be. */
export type GraphProblem =
  | NixGraphProblem
  | {
      readonly code: "graph/object-not-found";
      readonly at: Span;
      readonly object: string;
      readonly tree: string;
      readonly nearest: string | null;
    }
  | {
      readonly code: "graph/glob-matches-nothing";
      readonly at: Span;
      readonly glob: string;
      readonly tree: string;
    }
  /** Where one file is needed: for a symlink to point at, or for a target. */
  | {
      readonly code: "graph/glob-matches-several";
      readonly at: Span;
      readonly glob: string;
      readonly matches: readonly string[];
    }
  | {
      readonly code: "graph/library-not-found";
      readonly soname: ByteString;
      readonly chain: Chain;
      readonly searched: readonly string[];
      readonly skipped: readonly string[];
    }
  | {
      /** A library that a note of its referrer declares; none of the alternatives is there. */
      readonly code: "graph/dlopen-not-found";
      readonly sonames: readonly ByteString[];
      readonly feature: string;
      readonly priority: string;
      readonly chain: Chain;
      readonly searched: readonly string[];
      readonly skipped: readonly string[];
    }
  | {
      readonly code: "graph/interpreter-not-found";
      readonly interpreter: ByteString;
      readonly chain: Chain;
      readonly isScript: boolean;
      readonly tree: string;
    }
  | {
      /** What the first line of a script runs, or a line of modprobe.d. */
      readonly code: "graph/program-not-found" | "graph/command-not-found";
      readonly program: ByteString;
      readonly line: string;
      readonly chain: Chain;
      readonly searched: readonly string[];
    }
  | {
      readonly code: "graph/dangling-symlink";
      readonly path: TargetPath;
      readonly to: ByteString;
      readonly chain: Chain;
    }
  | { readonly code: "graph/symlink-loop"; readonly path: TargetPath; readonly chain: Chain }
  | {
      readonly code: "graph/bad-file";
      readonly path: TargetPath;
      readonly chain: Chain;
      readonly why: string;
    }
  /** A file of the closure with what no cpio archive holds: "file capabilities". */
  | {
      readonly code: "graph/cannot-carry";
      readonly path: TargetPath;
      readonly what: string;
      readonly chain: Chain;
    }
  | {
      readonly code: "graph/fatal-library";
      readonly soname: ByteString;
      readonly path: TargetPath;
      readonly chain: Chain;
      readonly why: string;
    }
  | {
      readonly code: "graph/wrong-arch";
      readonly path: TargetPath;
      readonly chain: Chain;
      readonly expected: string;
      readonly found: string;
    }
  | { readonly code: "graph/unused-allow"; readonly at: Span; readonly missing: string };
