/** `initgraph why-not`: what kept something out of an image. */
import { command } from "../command.ts";
import { IN, READ_RECIPE, whyOrder } from "./why-options.ts";

export const whyNot = command({
  name: "why-not",
  summary: "say what kept a file, library, module or firmware out of an image",
  about:
    "Looks for the NAME in the recipe's trees and says what stopped it at the nearest place where it would have come in, with the " +
    "line of the recipe that would bring it: that nothing refers to it, and what in the sysroot does; another file that is found " +
    "first; a kernel, a blacklist, a priority or a level that the recipe does not ask for. Names are those of `initgraph why`. Of an " +
    "image its manifest alone is asked, which knows less than the recipe. Exit code 1: one of them is in the image after all. " +
    "Nothing is written.",
  operands: [{ name: "NAME", says: "a path or name", need: "many" }],
  options: { in: IN, ...READ_RECIPE },
  onFailure: "nothing was explained",
  examples: [
    ["initgraph why-not /usr/bin/strace", "of ./initrd.yaml: is it in the sysroot, and who would need it?"],
    ["initgraph why-not libgcc_s.so.1 nvme --in board.yaml", "a library and a module, of another recipe"],
    ["initgraph why-not rtl_nic/rtl8168g-2.fw", "does a driver ask for it, and what does the recipe take?"],
  ],
  async run({ operands, options }, terminal) {
    const { runWhyNot } = await import("../work/why-not.ts");
    return runWhyNot(whyOrder(operands, options), terminal);
  },
});
