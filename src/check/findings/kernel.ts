/** Whether a kernel takes such an image, and runs what is in it. */
import type { CompressedKind } from "../../formats/member.ts";
import type { Levels } from "../level.ts";

export type KernelFinding =
  /** `option`: what it was built without. */
  | { readonly code: "check/kernel-no-initrd"; readonly option: string }
  /** It takes the initramfs that was built into it, whatever a boot loader gives. */
  | { readonly code: "check/kernel-ignores-initrd"; readonly option: string }
  | { readonly code: "check/kernel-no-decompressor"; readonly kind: CompressedKind; readonly option: string }
  | { readonly code: "check/kernel-no-programs"; readonly option: string }
  | { readonly code: "check/kernel-no-scripts"; readonly option: string }
  /** Programs of 32 bits under a kernel of 64. */
  | { readonly code: "check/kernel-no-compatibility"; readonly option: string; readonly programs: number }
  | { readonly code: "check/kernel-no-modules"; readonly option: string; readonly modules: number }
  /** Device nodes have to be in the image then. */
  | { readonly code: "check/kernel-no-devtmpfs"; readonly option: string }
  /** Options that matter to this image, and that neither a configuration nor the kernel's bytes tell. */
  | { readonly code: "check/kernel-untold"; readonly options: readonly string[] };

export const KERNEL_LEVELS: Levels<KernelFinding> = {
  "check/kernel-no-initrd": "fault",
  "check/kernel-ignores-initrd": "fault",
  "check/kernel-no-decompressor": "fault",
  "check/kernel-no-programs": "fault",
  "check/kernel-no-scripts": "warning",
  "check/kernel-no-compatibility": "fault",
  "check/kernel-no-modules": "warning",
  "check/kernel-no-devtmpfs": "warning",
  "check/kernel-untold": "unproven",
};
