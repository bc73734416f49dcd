/** What cannot be said of an image's costs. Images are named as they were typed. */
export type SizeProblem =
  /** No manifest is beside it. */
  | { readonly code: "size/unknown-lines"; readonly image: string }
  /** Only a root tree has the packages' databases. */
  | { readonly code: "size/unknown-packages"; readonly image: string };
