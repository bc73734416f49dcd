import type { HostPath } from "../path.ts";

/** What the machine refused. */
export type HostProblem =
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
  | { readonly code: "host/file-changed"; readonly path: HostPath };
