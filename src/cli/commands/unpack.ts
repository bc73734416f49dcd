/** `initgraph unpack`: an image as a directory, or as a tar. */
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { command } from "../command.ts";

export const unpack = command({
  name: "unpack",
  summary: "unpack an image, whoever made it, as the kernel would",
  about:
    "Makes a directory of what the kernel would have after unpacking all of the image, microcode in front too: the last entry " +
    "of a name counts, hard links are hard links. Whatever names and links an image has, nothing is made outside of that " +
    "directory and nothing that is there is written over; it gets its name when it is whole. Modes and times are the image's. No root " +
    "rights are needed: root sets owners too, others get files of their own without setuid bits. Device nodes, fifos and " +
    "sockets are left out, and named; --as-tar keeps all but sockets.",
  operands: [
    { name: "IMAGE", says: "an initramfs image", need: "one" },
    { name: "PATH", says: "only these, with all that is below them (default: everything)", need: "any" },
  ],
  options: {
    out: {
      short: "o",
      takes: "DIR",
      says: "the directory, new or empty (default: IMAGE's name and `.unpacked`, where you are)",
    },
    add: { takes: null, says: "DIR may hold other names; one that the image has too is an error" },
    "as-tar": { takes: "FILE", says: "write a tar in place of a directory; - is standard output" },
    early: {
      takes: null,
      says: "only what stands uncompressed in front for the kernel's start: microcode, ACPI tables",
    },
    main: { takes: null, says: "only what stands behind that" },
  },
  onFailure: "nothing was unpacked",
  examples: [
    ["initgraph unpack /boot/initrd.img", "all of it, into ./initrd.img.unpacked"],
    [
      "initgraph unpack /boot/initrd.img etc /bin/sh --out look",
      "all of /etc, and /bin/sh with the links that lead to it",
    ],
    ["initgraph unpack board.img --as-tar - | tar -tv", "a uInitrd as a tar, with owners and device nodes"],
    ["initgraph unpack /boot/initrd.img --early --out microcode", "what unmkinitramfs puts into early/"],
  ],
  async run({ operands, options }, terminal) {
    const { out, add, early, main, "as-tar": tar } = options;
    if (tar !== null && (out !== null || add))
      throw new WrongUsage("--as-tar is in place of --out and --add");
    if (tar === "-" && terminal.isJson)
      throw new WrongUsage("a tar and JSON cannot both go to standard output");
    const { runUnpack } = await import("../work/unpack.ts");
    const part = early === main ? "all" : early ? "early" : "main";
    const into =
      tar === null
        ? ({ kind: "directory", out, isShared: add } as const)
        : ({ kind: "tar", file: tar } as const);
    return runUnpack({ image: operands[0]!, paths: operands.slice(1), part, into }, terminal);
  },
});
