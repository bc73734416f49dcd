/** Secrets of an image that others can read. */
import type { TargetPath } from "../../core/path.ts";
import type { Levels } from "../level.ts";

/** What kind of secret: "a private key". */
export interface SecretFile {
  readonly path: TargetPath;
  readonly what: string;
}

export type ContentFinding =
  /** In the running initrd, everybody may read it. */
  | {
      readonly code: "check/secret-readable";
      readonly path: TargetPath;
      readonly what: string;
      readonly mode: number;
    }
  /** Whoever may read the image may read what is in it. */
  | {
      readonly code: "check/image-readable";
      readonly mode: number;
      readonly count: number;
      readonly secrets: readonly SecretFile[];
    };

export const CONTENT_LEVELS: Levels<ContentFinding> = {
  "check/secret-readable": "warning",
  "check/image-readable": "warning",
};
