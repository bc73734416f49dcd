import type { HostPath } from "../path.ts";

/** Why nothing can be told of an image. */
export type TraceProblem =
  /** No manifest beside the image names it. */
  | { readonly code: "trace/no-manifest"; readonly image: HostPath }
  | { readonly code: "trace/bad-manifest"; readonly manifest: HostPath; readonly why: string }
  /** It was written by another version of initgraph. */
  | { readonly code: "trace/manifest-version"; readonly manifest: HostPath; readonly why: string }
  /** The manifest tells of other bytes. */
  | { readonly code: "trace/other-image"; readonly manifest: HostPath; readonly image: HostPath };
