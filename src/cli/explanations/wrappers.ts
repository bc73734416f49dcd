/** Explanations: boot loaders' wrappers (uInitrd, FIT, unified kernel image), and the board's memory. */
import type { ImageProblem } from "../../core/problems/image.ts";
import type { Explanation } from "./explanation.ts";

export type WrapperCode = Extract<
  ImageProblem["code"],
  | `image/uinitrd-${string}`
  | `image/uki-${string}`
  | `image/too-large-${string}`
  | `image/${string}-fit-file`
  | `image/fit-${string}`
  | "image/bad-uki-file"
  | "image/larger-than-its-area"
  | "image/areas-overlap"
>;

export const WRAPPERS: Readonly<Record<WrapperCode, Explanation>> = {
  "image/uinitrd-arch-unknown": {
    title: "nothing says for which machine U-Boot should take the image",
    happened:
      "U-Boot refuses a ramdisk whose header names another machine. Its name is taken from the first program of the image; there is none, or U-Boot has no name for its machine.",
    causes: ["an image of scripts and data only"],
    remedies: ["say `uInitrdArch` in the recipe, --arch for `wrap`: the names of `mkimage -A`"],
    example: "makeUInitrd: true\nfiles: { /a: x }",
    mended: "makeUInitrd: true\nuInitrdArch: arm64\ncompressor: gzip\nfiles: { /a: x }",
  },
  "image/too-large-for-uinitrd": {
    title: "the image is too large for a uInitrd",
    happened: "The header counts 32 bits: 4 GiB less a byte.",
    causes: ["a whole system in the image"],
    remedies: ["leave out what the board does not need", "take a FIT, with its data behind the tree"],
    example: "# the image has more than 4 GiB\nmakeUInitrd: true",
    mended: "fit: true",
  },
  "image/too-large-for-fit": {
    title: "the parts of a FIT image are too large",
    happened:
      "U-Boot counts sizes and offsets in a FIT with 31 bits; with the data in the tree there is less room still.",
    causes: ["a whole system in the image", "`embeddedData: true`"],
    remedies: ["leave out what the board does not need", "leave `embeddedData` out"],
    example: "# the parts have more than 2 GiB\nfit: true",
    mended: null,
  },
  "image/fit-file-not-found": {
    title: "a kernel or device tree for the FIT image is not there",
    happened: "Files of `fit` are of this machine: seen from the recipe's directory, or absolute.",
    causes: ["a slip in the path", "the kernel was not built yet"],
    remedies: ["mend the path"],
    example: "fit:\n  kernel: { file: ./Image, load: 0x40400000 }",
    mended: "fit:\n  kernel: { file: ../linux/arch/arm64/boot/Image, load: 0x40400000 }",
  },
  "image/bad-fit-file": {
    title: "a file cannot be a part of a FIT image",
    happened:
      "A device tree must be one (.dtb, not its source), and U-Boot must be able to unpack the kernel.",
    causes: [".dts in place of .dtb", "a kernel compressed with xz, which U-Boot does not unpack"],
    remedies: [
      "name the compiled device tree",
      "take the kernel uncompressed, or in gzip, lzma, lz4 or zstd",
    ],
    example: "fit: { kernel: { file: ./Image.xz, load: 0 } }",
    mended: "fit: { kernel: { file: ./Image.gz, load: 0 } }",
  },
  "image/uki-file-not-found": {
    title: "a file for the unified kernel image is not there",
    happened:
      "Files of `uki` are looked up as objects are: /… in the sysroot, ./… beside the recipe. For `wrap` they are of this machine.",
    causes: [
      "the stub is not installed in the sysroot: systemd-boot-efi on Debian",
      "no kernel in the sysroot's /boot",
    ],
    remedies: ["install the package in the sysroot", "name a file beside the recipe"],
    example: "uki:\n  stub: /boot/stub.efi\n  kernel: ./vmlinuz.gz",
    mended: "uki:\n  stub: /usr/lib/systemd/boot/efi/linuxx64.efi.stub\n  kernel: /boot/vmlinuz",
  },
  "image/bad-uki-file": {
    title: "a file cannot be a part of a unified kernel image",
    happened:
      "The stub must be systemd's, without sections of its own image; the kernel must be an EFI program; a splash must be a BMP.",
    causes: [
      "a kernel without its EFI stub (CONFIG_EFI_STUB), or compressed as a whole",
      "a finished UKI in place of the stub",
      "a PNG as splash",
    ],
    remedies: ["take linux….efi.stub and the bzImage or uncompressed Image", "unpack a vmlinuz.gz first"],
    example: "uki: { stub: ./uki.efi, kernel: ./vmlinuz }",
    mended: "uki: { stub: ./linuxx64.efi.stub, kernel: ./vmlinuz }",
  },
  "image/uki-machines-differ": {
    title: "the parts of a unified kernel image are for different machines",
    happened:
      "Stub, kernel and the image's programs must be for one machine, or the firmware or the kernel refuses it.",
    causes: ["the stub of this machine (linuxx64) for an image of another"],
    remedies: ["take stub, kernel and sysroot of one machine: linuxaa64.efi.stub for aarch64"],
    example: "# the kernel is for aarch64\nuki: { stub: ./stub.efi, kernel: ./Image }",
    mended: null,
  },
  "image/uki-other-modules": {
    title: "the kernel of a unified kernel image would not find the image's modules",
    happened: "The kernel looks for lib/modules/<its version>, and the image has modules of another.",
    causes: [
      "the kernel package was updated, and kernel.version was not",
      "a kernel of your own whose version cannot be read",
    ],
    remedies: [
      "take the kernel that belongs to the modules",
      "say its version as `uname`, if the file does not tell it",
    ],
    example:
      "# vmlinuz is 6.1.0-51\nkernel: { version: 6.1.0-50-amd64, modules: [ext4] }\nuki: { stub: ./stub.efi, kernel: ./vmlinuz }",
    mended:
      "kernel: { version: 6.1.0-51-amd64, modules: [ext4] }\nuki: { stub: ./stub.efi, kernel: ./vmlinuz }",
  },
  "image/too-large-for-uki": {
    title: "the sections of a unified kernel image are too large",
    happened: "An EFI program counts its sections with 32 bits, and firmware loads all of it into memory.",
    causes: ["a whole system in the image"],
    remedies: ["leave out what early boot does not need"],
    example: "# the image has more than 4 GiB\nuki: { stub: ./stub.efi, kernel: ./vmlinuz }",
    mended: null,
  },
  "image/larger-than-its-area": {
    title: "the image is larger than the room that the board has for it",
    happened:
      "`board.ramdisk.size` says how much may be loaded at its address, and the finished file has more.",
    causes: ["the image grew: a kernel update, a new dependency"],
    remedies: [
      "leave something out: `initgraph size` shows what costs most",
      "give it more room, or a better compressor",
    ],
    example: "compressor: none\nboard:\n  ramdisk: { address: 0x44000000, size: 2 KiB }",
    mended: "compressor: zstd\nboard:\n  ramdisk: { address: 0x44000000, size: 32 MiB }",
  },
  "image/areas-overlap": {
    title: "the image would lie over something in the board's memory",
    happened:
      "Loaded at its address, the finished file reaches into the area of the kernel or the device tree. U-Boot would overwrite one with the other.",
    causes: ["addresses of a board's old environment, and an image that grew"],
    remedies: ["load one of them elsewhere", "make the image smaller"],
    example:
      "compressor: none\nboard:\n  ramdisk: { address: 0x44000000, size: 2 KiB }\n  fdt: { address: 0x44000800, size: 64 KiB }",
    mended: "board:\n  ramdisk: { address: 0x44000000 }\n  fdt: { address: 0x43000000, size: 64 KiB }",
  },
};
