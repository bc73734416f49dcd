import type { HostPath } from "../path.ts";

/** An archive that is to be a root tree and cannot be read as one. `part` is a layer, say; empty: the file itself. */
export type ArchiveProblem =
  | {
      readonly code: "archives/damaged";
      readonly path: HostPath;
      readonly part: string;
      /** In the part, decompressed; null: no place can be named. */
      readonly offset: number | null;
      readonly why: string;
    }
  | {
      readonly code: "archives/program-not-found";
      readonly path: HostPath;
      readonly part: string;
      readonly program: string;
    }
  | {
      readonly code: "archives/wrong-digest";
      readonly path: HostPath;
      readonly part: string;
      readonly expected: string;
      readonly found: string;
    }
  /** It would cost more memory or time than any root tree needs. */
  | {
      readonly code: "archives/too-large";
      readonly path: HostPath;
      /** For people: "more than 1000000 files and directories". */
      readonly has: string;
    }
  /** None, or more than one, of the images in it fits. */
  | {
      readonly code: "archives/which-image";
      readonly path: HostPath;
      /** As the recipe says it; null: it says nothing. */
      readonly arch: string | null;
      readonly fitting: readonly string[];
      readonly all: readonly string[];
    };
