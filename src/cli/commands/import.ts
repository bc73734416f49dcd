/** `initgraph import`: a recipe for an image that is there already. */
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { command } from "../command.ts";

export const importImage = command({
  name: "import",
  summary: "write a recipe for an image that is there, whoever made it",
  about:
    "Makes a directory with a recipe, initrd.yaml, that builds the same tree as the image: what the root tree has at the same place " +
    "and as it is comes from there, named as shortly as it can be; all else lies beside the recipe. Microcode in front stays an " +
    "archive that is prepended. What no recipe can say, or what would bring more than the image has, goes into another such archive, " +
    "packed.cpio. At last the recipe is built, and what it gives is compared with the image: kinds, modes, owners, targets and " +
    "contents. The exit code is 1 where they differ. Times are the recipe's epoch, and hard links become files of their own.",
  operands: [{ name: "IMAGE", says: "an initramfs image", need: "one" }],
  options: {
    sysroot: { takes: "ROOT", says: "the root tree that the image was made from: a directory or an archive" },
    out: {
      short: "o",
      takes: "DIR",
      says: "the directory, new or empty (default: IMAGE's name and `.recipe`, where you are)",
    },
  },
  onFailure: "nothing was imported",
  examples: [
    ["initgraph import /boot/initrd.img --sysroot /", "this machine's own, into ./initrd.img.recipe"],
    [
      "initgraph import board.img --sysroot /srv/roots/arm64 --out board",
      "another's; then: cd board && initgraph build",
    ],
  ],
  async run({ operands, options }, terminal) {
    const { sysroot, out } = options;
    if (sysroot === null) throw new WrongUsage("say which root tree the image was made from: --sysroot ROOT");
    const { runImport } = await import("../work/import.ts");
    return runImport({ image: operands[0]!, sysroot, out }, terminal);
  },
});
