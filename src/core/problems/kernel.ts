import type { TargetPath } from "../path.ts";
import type { Span } from "../span.ts";
import type { Chain } from "./chain.ts";

/** What can be wrong with kernel modules and firmware. */
export type KernelProblem =
  | {
      readonly code: "kernel/no-modules";
      readonly at: Span;
      readonly tree: string;
      readonly searched: readonly string[];
    }
  | {
      /** `wanted: null`: the recipe names none, and there are several. */
      readonly code: "kernel/version";
      readonly at: Span;
      readonly wanted: string | null;
      readonly found: readonly string[];
    }
  | {
      /** One image was asked for, and the recipe is for several kernels. */
      readonly code: "kernel/several";
      readonly at: Span;
    }
  | {
      readonly code: "kernel/two-layers";
      readonly at: Span;
      readonly version: string;
      readonly layers: readonly [first: string, second: string];
    }
  | {
      readonly code: "kernel/module-not-found";
      readonly at: Span;
      readonly module: string;
      readonly nearest: string | null;
      readonly version: string;
      readonly tree: string;
      /** Modules that the name is an alias of, each with the file that forbids it: `pcspkr (/etc/modprobe.d/x.conf)`. */
      readonly blacklisted: readonly string[];
    }
  | { readonly code: "kernel/bad-module"; readonly path: TargetPath; readonly why: string }
  | {
      /** A module for another machine than the recipe's, or than the image's programs. */
      readonly code: "kernel/wrong-arch";
      readonly path: TargetPath;
      readonly chain: Chain;
      readonly found: string;
      readonly expected: string;
      readonly by: "recipe" | "programs";
    }
  | { readonly code: "kernel/bad-index"; readonly path: TargetPath; readonly why: string }
  | { readonly code: "kernel/dependency-missing"; readonly path: TargetPath; readonly missing: string }
  | { readonly code: "kernel/dependency-cycle"; readonly modules: readonly string[] }
  | {
      readonly code: "kernel/firmware-not-found";
      readonly at: Span;
      /** A module's path, or the name of a driver that is built in. */
      readonly driver: string;
      readonly names: readonly string[];
      readonly searched: readonly string[];
    }
  | {
      readonly code: "kernel/firmware-glob";
      readonly at: Span;
      readonly glob: string;
      readonly searched: readonly string[];
    };
