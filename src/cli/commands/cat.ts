/** `initgraph cat`: what a file of an image holds. */
import { command } from "../command.ts";

export const cat = command({
  name: "cat",
  summary: "print files of an image, whoever made it",
  about:
    "Prints what the kernel would have under each PATH after unpacking all of the image: the last entry of a name " +
    "counts, symlinks are followed inside the image, and hard links find their data wherever it stands.",
  operands: [
    { name: "IMAGE", says: "an initramfs image", need: "one" },
    { name: "PATH", says: "files in it, with or without a leading slash", need: "many" },
  ],
  options: {},
  onFailure: "nothing was printed",
  examples: [
    ["initgraph cat result/initrd init", "the program that the kernel starts"],
    ["initgraph cat /boot/initrd.img bin/sh > sh", "bytes as they are, through the symlink bin"],
    ["initgraph cat /boot/initrd.img etc/fstab etc/crypttab", "several files, one after another"],
    ["initgraph cat --json result/initrd etc/hostname", "where each lies, its mode, its content in base64"],
  ],
  async run({ operands }, terminal) {
    const { runCat } = await import("../work/cat.ts");
    return runCat({ image: operands[0]!, paths: operands.slice(1) }, terminal);
  },
});
