import type { Span } from "../span.ts";

/** What can go wrong from the layers to the finished file. */
export type ImageProblem =
  | { readonly code: "image/compressor-not-found"; readonly at: Span | null; readonly program: string }
  | {
      readonly code: "image/compressor-failed";
      readonly program: string;
      readonly exitCode: number;
      readonly complaint: string;
    };
