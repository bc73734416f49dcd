/** `initgraph check`: whether an image would boot. */
import { command, type Options, type OptionTable } from "../command.ts";

const OPTIONS = {
  rdinit: {
    takes: "PATH",
    says: "what the kernel starts, as rdinit= of its command line says (default: /init)",
  },
  kernel: {
    takes: "FILE",
    says: "the kernel that will unpack it: its configuration, or a bzImage, zImage, Image, vmlinux or unified kernel image",
  },
  uboot: {
    takes: "ADDRESSES",
    says: "where a boot loader puts what, as kernel=0x40400000,fdt=0x48000000,ramdisk=0x44000000, and how long it may be: kernel-size=32MiB, fdt-size, ramdisk-size",
  },
} as const satisfies OptionTable;

export type CheckOptions = Options<typeof OPTIONS>;

export const check = command({
  name: "check",
  summary: "say what the kernel would lose of an image, and whether it would boot",
  about:
    "Plays the kernel's unpacker over the bytes of any image, ours or others', and looks at the tree that it would make: what is lost, " +
    "replaced or damaged without a word of the kernel's, whether init and all programs, scripts and modules can run, and who can read its secrets. A fault is what will not boot or loses something, and makes the exit code 1; " +
    "warnings, and what cannot be proved without running it, are told.",
  operands: [{ name: "IMAGE", says: "an initramfs image", need: "one" }],
  options: OPTIONS,
  onFailure: "nothing was checked",
  examples: [
    ["initgraph check result/initrd", "a built image"],
    [
      "initgraph check --kernel /boot/vmlinuz-6.1.0 result/initrd",
      "whether that kernel unpacks it, runs its programs and takes its modules",
    ],
    [
      "initgraph check --uboot kernel=0x40400000,kernel-size=48MiB,fdt=0x48000000,ramdisk=0x44000000 uInitrd",
      "whether it overlaps anything in the board's memory",
    ],
    ["initgraph check --rdinit /sbin/init initrd.img", "an image for rdinit=/sbin/init"],
    ["initgraph check --json /boot/initrd.img", "the findings by their codes, for programs"],
  ],
  async run({ operands, options }, terminal) {
    const { runCheck } = await import("../work/check.ts");
    return runCheck({ image: operands[0]!, options }, terminal);
  },
});
