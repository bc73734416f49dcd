import type { HostPath } from "../path.ts";

/** What keeps an image from being started in an emulator. */
export type BootProblem =
  /** A recipe where an image is wanted. */
  | { readonly code: "boot/is-a-recipe"; readonly path: HostPath }
  /** Neither kernel nor image says for which machine they are. */
  | { readonly code: "boot/machine-unknown"; readonly path: HostPath }
  | { readonly code: "boot/machine-not-emulated"; readonly arch: string; readonly known: readonly string[] }
  | {
      readonly code: "boot/other-machine";
      readonly kernel: HostPath | null;
      readonly kernelArch: string;
      readonly imageArch: string;
    }
  | {
      readonly code: "boot/emulator-not-found";
      readonly program: string;
      readonly arch: string;
      /** The package of Debian that has it. */
      readonly debian: string;
    }
  | { readonly code: "boot/kernel-not-found"; readonly searched: readonly string[] }
  | {
      readonly code: "boot/firmware-not-found";
      readonly arch: string;
      readonly searched: readonly string[];
      /** Null: there is no UEFI for this machine here. */
      readonly debian: string | null;
    }
  | {
      readonly code: "boot/uboot-not-found";
      readonly arch: string;
      readonly searched: readonly string[];
      readonly debian: string | null;
    };
