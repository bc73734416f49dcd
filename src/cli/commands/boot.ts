/** `initgraph boot`: an image in an emulator. */
import { command, type Options, type OptionTable } from "../command.ts";

const OPTIONS = {
  kernel: {
    takes: "FILE",
    says: "the kernel (default: in a UKI or a FIT its own; else one for the image's modules, or this machine's)",
  },
  append: { takes: "TEXT", says: "more for the kernel's command line (may be repeated)", repeats: true },
  until: { takes: "TEXT", says: "end well as soon as the console shows it; anything else is a failure" },
  timeout: { takes: "SECONDS", says: "end after so long (default: 300 with --until, else never)" },
  memory: { takes: "SIZE", says: "of the machine, as 512M or 2G (default: 1G, or what the image needs)" },
  arch: {
    takes: "NAME",
    says: "the machine (default: the kernel's, else that of the image's first program)",
  },
  uboot: { takes: "FILE", says: "start by U-Boot: its u-boot.bin for QEMU's arm64 or arm board" },
} as const satisfies OptionTable;

export type BootOptions = Options<typeof OPTIONS>;

export const boot = command({
  name: "boot",
  summary: "start an image in QEMU, and say whether it came up",
  about:
    "The serial console is your terminal: your keys go to the guest, and Ctrl-A X ends it. Without --until the exit code is 0 when the " +
    "guest goes down by itself; a panic is told and is 1. With --until it is 0 when the text was seen, and 1 on a panic, when the time is " +
    "up, or when the guest ends before. Text that only repeats the kernel's command line does not count. A unified kernel image is started by UEFI, a uInitrd or FIT by U-Boot " +
    "where --uboot names one. The kernel gets the console, panic=-1 and --append. With --json the console goes to standard error.",
  operands: [{ name: "IMAGE", says: "an initramfs image, bare or wrapped", need: "one" }],
  options: OPTIONS,
  onFailure: "nothing was started",
  examples: [
    ["initgraph boot result/shell", "this machine's own shell, in a guest; Ctrl-A X ends it"],
    [
      'initgraph boot result/initrd --kernel vmlinuz --until "login:" --timeout 60',
      "a test: 0 if the prompt comes within a minute",
    ],
    ["initgraph boot router.img --kernel Image --uboot u-boot.bin", "a uInitrd, its sums checked by U-Boot"],
    ["initgraph boot linux.efi", "a unified kernel image, by UEFI"],
  ],
  async run({ operands, options }, terminal) {
    const { runBoot } = await import("../work/boot.ts");
    return runBoot(operands[0]!, options, terminal);
  },
});
