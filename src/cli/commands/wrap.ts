/** `initgraph wrap`: an image as U-Boot wants it. */
import { command, type Options, type OptionTable } from "../command.ts";

const OPTIONS = {
  as: {
    takes: "KIND",
    completes: ["uinitrd", "fit", "uki"],
    says: "uinitrd (U-Boot's legacy format), fit, or uki (a unified kernel image for UEFI)",
  },
  output: { short: "o", takes: "FILE", says: "the file to write" },
  arch: { takes: "NAME", says: "the machine (default: that of the image's first program)" },
  name: { takes: "TEXT", says: "the name in a uInitrd, the description of a FIT (default: none; initrd)" },
  epoch: { takes: "SECONDS", says: "the time in the wrapper, in seconds since 1970" },
  compression: {
    takes: "NAME",
    says: "as mkimage -C calls it: what a uInitrd says (default: none, the kernel unpacks it); how the kernel in a FIT is compressed (default: what its first bytes say)",
  },
  kernel: { takes: "FILE", says: "a kernel for the FIT or the UKI" },
  load: { takes: "ADDRESS", says: "where U-Boot puts the kernel, as 0x40400000" },
  entry: { takes: "ADDRESS", says: "where the kernel starts (default: where it is loaded)" },
  fdt: {
    takes: "FILE",
    repeats: true,
    says: "a device tree; for a FIT may be given several times, the first is the default",
  },
  "embedded-data": {
    takes: null,
    says: "put the data inside the tree of the FIT, for old versions of U-Boot",
  },
  stub: { takes: "FILE", says: "systemd-stub for the UKI, as /usr/lib/systemd/boot/efi/linuxx64.efi.stub" },
  cmdline: { takes: "TEXT", says: "the kernel's command line in the UKI, or @FILE" },
  "os-release": { takes: "TEXT", says: "os-release in the UKI, or @FILE" },
  uname: { takes: "TEXT", says: "the kernel's version in the UKI (default: as the kernel says)" },
  splash: { takes: "FILE", says: "a picture (.bmp) for the UKI" },
  crc32: { takes: null, says: "add a CRC-32 to each digest of the FIT" },
} as const satisfies OptionTable;

export type WrapOptions = Options<typeof OPTIONS>;

export const wrap = command({
  name: "wrap",
  summary: "wrap any image for U-Boot or UEFI: as a uInitrd, in a FIT image, or in a UKI",
  about:
    "The image is read first, and refused where the kernel would refuse it. One that is wrapped already is taken out of " +
    "its wrapper. Times are --epoch, else SOURCE_DATE_EPOCH, else 1.",
  operands: [{ name: "IMAGE", says: "an initramfs image", need: "one" }],
  options: OPTIONS,
  onFailure: "nothing was written",
  examples: [
    ["initgraph wrap --as uinitrd /boot/initrd.img -o uInitrd", "what `mkimage -A … -T ramdisk` makes"],
    [
      "initgraph wrap --as fit initrd.img -o board.itb --kernel Image --load 0x40400000 --fdt board.dtb",
      "one file that U-Boot boots: bootm ADDRESS",
    ],
    [
      "initgraph wrap --as uki initrd.img -o linux.efi --stub linuxx64.efi.stub --kernel vmlinuz --cmdline console=ttyS0",
      "what `ukify build` makes",
    ],
  ],
  async run(call, terminal) {
    const { runWrap } = await import("../work/wrap.ts");
    return runWrap(call.operands[0]!, call.options, terminal);
  },
});
