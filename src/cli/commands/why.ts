/** `initgraph why`: the chain from a line of the recipe to what is in the image. */
import { command } from "../command.ts";
import { IN, READ_RECIPE, whyOrder } from "./why-options.ts";

export const why = command({
  name: "why",
  summary: "say why a file, module, firmware or package is in an image",
  about:
    "Prints the shortest chain from a line of the recipe, one step a line, with what each file says, which rule found the next " +
    "one, and where it was looked for before. A NAME is a path, with or without its leading slash and through symlinks of the image; " +
    "a glob; the name of a file (libz.so.1, libz); of a module or an alias of one (virtio-pci); of firmware; or of a package of " +
    "the sysroot. What several could be called is said by module:NAME, firmware:NAME or package:NAME. --all prints chains that share " +
    "neither a line nor a file, and every line that leads there. Exit code 1: one of the names is not in the image. Nothing is written.",
  operands: [{ name: "NAME", says: "a path or name", need: "many" }],
  options: {
    in: IN,
    all: { takes: null, says: "all chains that are independent of one another" },
    ...READ_RECIPE,
  },
  onFailure: "nothing was explained",
  examples: [
    ["initgraph why libz.so.1", "in the image of ./initrd.yaml"],
    ["initgraph why /bin/sh virtio-pci --in board.yaml", "of another recipe; several names at once"],
    ["initgraph why --all libcrypto.so.3 --in result/initrd", "of a finished image with its manifest"],
    ["initgraph why package:openssh-client", "all of a package's files, by the way they came in"],
  ],
  async run({ operands, options }, terminal) {
    const { runWhy } = await import("../work/why.ts");
    return runWhy({ ...whyOrder(operands, options), chains: options.all ? "all" : "shortest" }, terminal);
  },
});
