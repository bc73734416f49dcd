/** Explanations of what `check` finds: what a kernel lacks for an image. */
import type { KernelFinding } from "../../check/findings/kernel.ts";
import type { Explanation } from "./explanation.ts";

export const CHECK_KERNEL: Readonly<Record<KernelFinding["code"], Explanation>> = {
  "check/kernel-no-initrd": {
    title: "the kernel takes no initrd",
    happened: "Without CONFIG_BLK_DEV_INITRD a kernel has no code to unpack one.",
    causes: ["a small kernel of a board's vendor"],
    remedies: ["set the option, and build the kernel again"],
    example: "$ initgraph check --kernel .config initrd.img",
    mended: null,
  },
  "check/kernel-ignores-initrd": {
    title: "the kernel takes the initramfs within itself alone",
    happened: "With CONFIG_INITRAMFS_FORCE what a boot loader gives is passed over.",
    causes: ["a kernel with an image built in"],
    remedies: ["build the kernel without the option"],
    example: "$ initgraph check --kernel .config initrd.img",
    mended: null,
  },
  "check/kernel-no-decompressor": {
    title: "the kernel cannot unpack this compression",
    happened:
      'For each kind of compression a kernel has a decompressor built in, or not (CONFIG_RD_GZIP, RD_ZSTD, \u2026). Without it: "Initramfs unpacking failed: compression method \u2026 not configured".',
    causes: ["a kernel older than the compression", "a small kernel of a board's vendor"],
    remedies: [
      "take a compressor that it has: `compressor: gzip`",
      "set the option, and build the kernel again",
    ],
    example: "$ initgraph check --kernel .config initrd.img",
    mended: null,
  },
  "check/kernel-no-programs": {
    title: "the kernel runs no ELF programs",
    happened: "Without CONFIG_BINFMT_ELF it starts nothing that a compiler makes.",
    causes: ["a configuration made by hand"],
    remedies: ["set the option, and build the kernel again"],
    example: "$ initgraph check --kernel .config initrd.img",
    mended: null,
  },
  "check/kernel-no-scripts": {
    title: "the kernel starts no scripts",
    happened: "Without CONFIG_BINFMT_SCRIPT built in no #! line is looked at: /init cannot be a script.",
    causes: ["the option was set to m, or not at all"],
    remedies: ["set the option, and build the kernel again", "make /init a program"],
    example: "$ initgraph check --kernel .config initrd.img",
    mended: null,
  },
  "check/kernel-no-compatibility": {
    title: "the kernel runs no programs of 32 bits",
    happened:
      "A kernel of 64 bits runs them only where it was built for it (CONFIG_IA32_EMULATION, CONFIG_COMPAT).",
    causes: ["programs of an older system"],
    remedies: ["take programs of 64 bits", "set the option, and build the kernel again"],
    example: "$ initgraph check --kernel .config initrd.img",
    mended: null,
  },
  "check/kernel-no-modules": {
    title: "the kernel loads no modules",
    happened: "Without CONFIG_MODULES all drivers are built in, and those of the image are never used.",
    causes: ["modules of another kernel"],
    remedies: ["leave them out"],
    example: "$ initgraph check --kernel .config initrd.img",
    mended: null,
  },
  "check/kernel-no-devtmpfs": {
    title: "there will be no device nodes",
    happened: "Without CONFIG_DEVTMPFS the kernel makes no nodes in /dev, and the image brings none.",
    causes: ["a small kernel of a board's vendor"],
    remedies: ["bring the nodes that are needed", "let init make them, with mknod or mdev"],
    example: "$ initgraph check --kernel .config initrd.img",
    mended: null,
  },
  "check/kernel-untold": {
    title: "nobody knows whether the kernel has all that the image asks of it",
    happened: "Neither a configuration nor the kernel's own bytes tell of these options.",
    causes: ["a kernel without CONFIG_IKCONFIG"],
    remedies: [
      "name its configuration: `--kernel config-VERSION`",
      "put config-VERSION beside vmlinuz-VERSION",
    ],
    example: "$ initgraph check --kernel vmlinuz initrd.img",
    mended: "$ initgraph check --kernel config-6.1.0 initrd.img",
  },
};
