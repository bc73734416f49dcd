import type { HostPath } from "../path.ts";

/** Why nothing can be told of an image. */
export type TraceProblem =
  /** Nothing in the image is called as the command line says. */
  | {
      readonly code: "trace/not-in-image";
      readonly asked: string;
      readonly image: string;
      readonly nearest: readonly string[];
    }
  /** No manifest beside the image names it. */
  | { readonly code: "trace/no-manifest"; readonly image: HostPath }
  | { readonly code: "trace/bad-manifest"; readonly manifest: HostPath; readonly why: string }
  /** It was written by another version of initgraph. */
  | { readonly code: "trace/manifest-version"; readonly manifest: HostPath; readonly why: string }
  /** The manifest tells of other bytes. */
  | { readonly code: "trace/other-image"; readonly manifest: HostPath; readonly image: HostPath };
