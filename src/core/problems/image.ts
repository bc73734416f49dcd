import type { Area } from "../area.ts";
import type { Entry } from "../entry.ts";
import type { ByteString, HostPath, TargetPath } from "../path.ts";
import type { Span } from "../span.ts";

/** What can go wrong from the layers to the finished file, and when an image is read. */
export type ImageProblem =
  | { readonly code: "image/compressor-not-found"; readonly at: Span | null; readonly program: string }
  | {
      readonly code: "image/compressor-failed";
      readonly program: string;
      readonly exitCode: number;
      readonly complaint: string;
    }
  | { readonly code: "image/codec-unavailable"; readonly codec: string; readonly why: string }
  | {
      readonly code: "image/kernel-refuses";
      readonly at: Span | null;
      readonly compressor: string;
      readonly why: string;
    }
  | {
      readonly code: "image/segment-too-large";
      readonly at: Span | null;
      readonly codec: string;
      readonly size: number;
      readonly limit: number;
    }
  | { readonly code: "image/uinitrd-arch-unknown"; readonly at: Span | null; readonly arch: string | null }
  | { readonly code: "image/too-large-for-uinitrd"; readonly at: Span | null; readonly size: number }
  | {
      readonly code: "image/too-large-for-fit";
      readonly at: Span | null;
      /** Bytes of all parts, and how many U-Boot can count. */
      readonly size: number;
      readonly limit: number;
    }
  /** `role`: "kernel", "device tree". */
  | {
      readonly code: "image/fit-file-not-found";
      readonly at: Span | null;
      readonly path: HostPath;
      readonly role: string;
    }
  | {
      readonly code: "image/bad-fit-file";
      readonly at: Span | null;
      readonly path: HostPath;
      readonly role: string;
      readonly offset: number;
      readonly why: string;
    }
  /** `role`: "stub", "kernel", "device tree", … */
  | {
      readonly code: "image/uki-file-not-found";
      readonly at: Span | null;
      readonly path: HostPath;
      readonly role: string;
    }
  | {
      readonly code: "image/bad-uki-file";
      readonly at: Span | null;
      readonly path: HostPath;
      readonly role: string;
      readonly offset: number;
      readonly why: string;
    }
  /** `first`, `second`: "the stub", "the kernel", "the image's programs". */
  | {
      readonly code: "image/uki-machines-differ";
      readonly at: Span | null;
      readonly first: string;
      readonly firstMachine: string;
      readonly second: string;
      readonly secondMachine: string;
    }
  | {
      readonly code: "image/uki-other-modules";
      readonly at: Span | null;
      /** The version of the kernel, and where the modules lie in the sysroot. */
      readonly kernel: string;
      readonly modules: readonly TargetPath[];
    }
  | {
      readonly code: "image/too-large-for-uki";
      readonly at: Span | null;
      /** Bytes of all sections, and where they must end. */
      readonly size: number;
      readonly limit: number;
    }
  | {
      readonly code: "image/larger-than-its-area";
      readonly at: Span;
      readonly file: string;
      readonly size: number;
      readonly limit: number;
    }
  /** Members of the finished file that the kernel would not see: a mistake of ours. `rule`: a finding of `check`. */
  | {
      readonly code: "image/members-misplaced";
      readonly file: string;
      readonly offset: number;
      readonly rule: string;
    }
  | { readonly code: "image/areas-overlap"; readonly at: Span; readonly image: Area; readonly other: Area }
  | { readonly code: "image/prepend-not-found"; readonly at: Span; readonly path: ByteString }
  | {
      readonly code: "image/bad-prepend";
      readonly at: Span;
      readonly path: HostPath;
      readonly offset: number;
      readonly why: string;
    }
  | {
      readonly code: "image/unreadable";
      readonly path: HostPath;
      readonly offset: number;
      readonly why: string;
    }
  /** What `check --kernel` was given. */
  | {
      readonly code: "image/kernel-unreadable";
      readonly path: HostPath;
      readonly offset: number;
      readonly why: string;
    }
  | {
      readonly code: "image/decompressor-not-found";
      readonly program: string;
      readonly path: HostPath;
      readonly kind: string;
    }
  | {
      readonly code: "image/path-not-found";
      readonly image: HostPath;
      readonly path: ByteString;
      /** Where symlinks of the image led, and nothing is; null: there were none on the way. */
      readonly leadsTo: TargetPath | null;
      readonly nearest: readonly TargetPath[];
    }
  /** Members that were asked for, and of which the image has none. */
  | { readonly code: "image/no-such-part"; readonly image: HostPath; readonly part: "early" | "main" }
  | { readonly code: "image/path-loops"; readonly image: HostPath; readonly path: ByteString }
  /** There is something at the path that has no content to show. */
  | {
      readonly code: "image/path-no-file";
      readonly image: HostPath;
      readonly path: ByteString;
      readonly found: Entry["kind"];
    };
