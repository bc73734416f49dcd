/** Explanations of what `check` finds: an image in a board's memory. */
import type { BoardFinding } from "../../check/findings/board.ts";
import type { Explanation } from "./explanation.ts";

const CHECK = "$ initgraph check initrd.img";

export const CHECK_BOARD: Readonly<Record<BoardFinding["code"], Explanation>> = {
  "check/areas-overlap": {
    title: "two things overlap in the board's memory",
    happened:
      "What is loaded last writes over the other: a kernel that does not start, or an image that is damaged.",
    causes: ["the image has grown", "the kernel clears memory behind itself when it starts"],
    remedies: ["load one of them elsewhere"],
    example: "$ initgraph check --uboot kernel=0x40400000,kernel-size=48MiB,ramdisk=0x42000000 initrd.img",
    mended: "$ initgraph check --uboot kernel=0x40400000,kernel-size=48MiB,ramdisk=0x44000000 initrd.img",
  },
  "check/larger-than-its-area": {
    title: "the image is larger than the room it was given",
    happened: "It would be written over what lies behind its area.",
    causes: ["the image has grown"],
    remedies: ["give it more room", "make it smaller: `initgraph size`"],
    example: "$ initgraph check --uboot ramdisk=0x44000000,ramdisk-size=1MiB initrd.img",
    mended: null,
  },
  "check/wrapper-machine": {
    title: "U-Boot refuses a wrapper for another machine",
    happened:
      'U-Boot compares the machine in a uInitrd or FIT with its own: "No Linux AArch64 Ramdisk Image".',
    causes: ["mkimage was called with another -A", "x86_64 where U-Boot wants x86"],
    remedies: ["wrap it again: `initgraph wrap --arch NAME`"],
    example: `# a uInitrd for arm64 around programs for x86_64\n${CHECK}`,
    mended: null,
  },
  "check/area-unknown": {
    title: "nobody knows where areas end",
    happened: "Only their beginning was said, so what overlaps them cannot be told.",
    causes: ["kernel-size= or fdt-size= is missing"],
    remedies: [
      "say how long they may be: `kernel-size=48MiB`",
      "name the kernel, which says it itself on arm64: `--kernel Image`",
    ],
    example: "$ initgraph check --uboot kernel=0x40400000,ramdisk=0x44000000 initrd.img",
    mended: "$ initgraph check --uboot kernel=0x40400000,kernel-size=48MiB,ramdisk=0x44000000 initrd.img",
  },
};
