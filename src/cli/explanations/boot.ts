/** Explanations: what keeps an image from being started in an emulator. */
import type { BootProblem } from "../../core/problems/boot.ts";
import type { Explanation } from "./explanation.ts";

export const BOOT: Readonly<Record<BootProblem["code"], Explanation>> = {
  "boot/is-a-recipe": {
    title: "boot was given a recipe in place of an image",
    happened: "`boot` starts an image that is there; it builds nothing.",
    causes: ["the recipe's name was typed out of habit"],
    remedies: ["build first: `initgraph build` prints the path of the image"],
    example: "$ initgraph boot initrd.yaml",
    mended: "$ initgraph build initrd.yaml\n$ initgraph boot result/initrd",
  },
  "boot/machine-unknown": {
    title: "neither kernel nor image says for which machine they are",
    happened:
      "The machine is taken from the kernel, else from the first program of the image. There is nothing to tell it from.",
    causes: ["an image of scripts and data only", "a kernel in a format of its own"],
    remedies: ["say it with --arch"],
    example: "# it holds no program\n$ initgraph boot initrd.img",
    mended: "$ initgraph boot initrd.img --arch aarch64",
  },
  "boot/machine-not-emulated": {
    title: "no board of QEMU is known for this machine",
    happened:
      "For each machine a board with a serial console is needed, and initgraph knows those that the message lists.",
    causes: ["an image for a rarer machine"],
    remedies: ["start QEMU by hand, with the board's own arguments"],
    example: "$ initgraph boot initrd.img --arch loongarch64",
    mended: null,
  },
  "boot/other-machine": {
    title: "kernel and image are for different machines",
    happened: "The kernel could not run the image's programs: it would panic with `No working init found`.",
    causes: ["this machine's kernel, and an image for a board"],
    remedies: [
      "name a kernel of the image's machine: --kernel FILE",
      "say --arch, where the first program is not telling",
    ],
    example: "# the image is for aarch64\n$ initgraph boot result/board --kernel /boot/vmlinuz",
    mended: "$ initgraph boot result/board --kernel Image",
  },
  "boot/emulator-not-found": {
    title: "QEMU is not on this machine",
    happened: "The image is started in QEMU, and its program for this kind of machine is not in the PATH.",
    causes: ["QEMU comes in a package for each machine"],
    remedies: ["install it: qemu-system-x86, qemu-system-arm, …"],
    example: "# there is no qemu-system-x86_64\n$ initgraph boot result/initrd",
    mended: null,
  },
  "boot/kernel-not-found": {
    title: "no kernel is named, and none was found for the image",
    happened:
      "A bare initramfs has no kernel. Looked for are one that belongs to the image's modules, and this machine's.",
    causes: ["a container, which has no /boot", "this machine's kernel may be read by root alone"],
    remedies: ["name one: --kernel FILE"],
    example: "# there is nothing in /boot\n$ initgraph boot result/initrd",
    mended: "$ initgraph boot result/initrd --kernel vmlinuz",
  },
  "boot/firmware-not-found": {
    title: "there is no UEFI to start a unified kernel image",
    happened:
      "A unified kernel image is an EFI program. Its firmware for QEMU (OVMF, AAVMF) is not on this machine.",
    causes: ["it is a package of its own: ovmf, qemu-efi-aarch64"],
    remedies: ["install it", "name a kernel, which then gets the initrd inside: --kernel FILE"],
    example: "# ovmf is not installed\n$ initgraph boot linux.efi",
    mended: "$ initgraph boot linux.efi --kernel vmlinuz",
  },
  "boot/uboot-not-found": {
    title: "there is no U-Boot to start a uInitrd or FIT image",
    happened: "A U-Boot for QEMU's own board is needed; a board's U-Boot does not run there.",
    causes: ["it is a package of its own: u-boot-qemu"],
    remedies: ["name one: --uboot FILE", "name a kernel, which then gets the ramdisk inside: --kernel FILE"],
    example: "# there is none on this machine\n$ initgraph boot board.itb",
    mended: "$ initgraph boot board.itb --uboot u-boot.bin",
  },
};
