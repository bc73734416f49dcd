/** `initgraph ls`: what an image holds. */
import { command } from "../command.ts";

export const ls = command({
  name: "ls",
  summary: "list the entries of an image, whoever made it",
  about:
    "Reads images of several members (microcode first, then compressed archives, one after another), and inside " +
    "a boot loader's wrappers: a uInitrd, the ramdisk of a FIT image, or the initrd of a unified kernel image. Names are made safe for a terminal; --null writes them as they are.",
  operands: [{ name: "IMAGE", says: "an initramfs image", need: "one" }],
  options: {
    long: {
      short: "l",
      takes: null,
      says: "modes, owners, sizes, dates (UTC) and targets, as `ls -l` shows them",
    },
    members: { takes: null, says: "list the members that the image is joined from, not their entries" },
    null: { short: "0", takes: null, says: "end each name with a NUL, its bytes untouched, for scripts" },
  },
  onFailure: "",
  examples: [
    ["initgraph ls result/initrd", "the names of all entries"],
    ["initgraph ls -l /boot/initrd.img", "the same with their metadata"],
    ["initgraph ls --members /boot/initrd.img", "where each archive begins, and how it is compressed"],
  ],
  async run({ operands, options }, terminal) {
    const { runLs } = await import("../work/ls.ts");
    const shape = options.members ? "members" : options.null ? "null" : options.long ? "long" : "names";
    return runLs({ image: operands[0]!, shape }, terminal);
  },
});
