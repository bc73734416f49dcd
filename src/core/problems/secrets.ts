import type { Entry } from "../entry.ts";
import type { HostPath, TargetPath } from "../path.ts";
import type { Span } from "../span.ts";

/** What can be wrong with secrets. None of it tells what is in one, or how long it is. `at: null`: named by the command line. */
export type SecretProblem =
  | { readonly code: "secrets/not-found"; readonly at: Span | null; readonly source: HostPath }
  | {
      readonly code: "secrets/no-file";
      readonly at: Span | null;
      readonly source: HostPath;
      readonly found: Entry["kind"];
    }
  | {
      readonly code: "secrets/open-to-all";
      readonly at: Span | null;
      readonly source: HostPath;
      /** Of the source. */
      readonly mode: number;
    }
  | {
      readonly code: "secrets/too-large";
      readonly at: Span | null;
      readonly source: HostPath;
      /** Bytes of all secrets together. */
      readonly limit: number;
    }
  | {
      readonly code: "secrets/path-taken";
      readonly at: Span | null;
      /** Where the kernel would put it, through the symlinks of the image. */
      readonly path: TargetPath;
      /** What is there: of the image, or of another secret. */
      readonly found: Entry["kind"];
    }
  | {
      readonly code: "secrets/below-no-directory";
      readonly at: Span | null;
      readonly path: TargetPath;
      readonly parent: TargetPath;
      readonly found: Entry["kind"];
    }
  | { readonly code: "secrets/one-stream"; readonly at: Span | null; readonly kind: string }
  | {
      readonly code: "secrets/cannot-reseal";
      readonly image: HostPath;
      readonly why: string;
      readonly help: string;
    };
