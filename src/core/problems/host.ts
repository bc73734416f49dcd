import type { ByteString, HostPath } from "../path.ts";
import type { NixHostProblem } from "./nix.ts";

/** What the machine refused. */
export type HostProblem =
  | NixHostProblem
  | {
      readonly code: "host/cannot-read";
      readonly path: HostPath;
      readonly errno: string;
      readonly what: string;
    }
  | {
      readonly code: "host/cannot-write";
      readonly path: HostPath;
      readonly errno: string;
      readonly what: string;
    }
  | { readonly code: "host/file-changed"; readonly path: HostPath }
  /** The root of a tree: missing (null), or a file or something else. */
  | { readonly code: "host/not-a-directory"; readonly path: HostPath; readonly found: string | null }
  /** A directory that is to be filled has something in it already. */
  | { readonly code: "host/not-empty"; readonly path: HostPath; readonly found: ByteString }
  | {
      readonly code: "host/names-taken";
      /** The directory. */
      readonly path: HostPath;
      readonly names: readonly ByteString[];
    }
  | {
      readonly code: "host/no-room";
      readonly path: HostPath;
      /** Bytes. */
      readonly needed: number;
      readonly free: number;
    }
  /** A directory stands where a file or a symlink is to be written. */
  | { readonly code: "host/is-a-directory"; readonly path: HostPath }
  | {
      readonly code: "host/cannot-run";
      readonly program: HostPath;
      readonly errno: string;
      readonly what: string;
    }
  | { readonly code: "host/program-output-too-large"; readonly program: HostPath; readonly limit: number }
  | {
      readonly code: "host/cache-unusable";
      readonly directory: HostPath;
      readonly errno: string;
      readonly what: string;
    }
  /** A directory with other things in it: we would write between them, and clean up between them later. */
  | { readonly code: "host/not-a-cache"; readonly directory: HostPath; readonly found: string }
  /** Holders: "process 4711 (initgraph build recipes/router.yaml)". */
  | { readonly code: "host/cache-busy"; readonly directory: HostPath; readonly holders: readonly string[] }
  /** Content that was built anew and is damaged again. */
  | { readonly code: "host/cache-damages"; readonly digest: string }
  | { readonly code: "host/no-cache-place" };
