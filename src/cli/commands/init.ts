/** `initgraph init`: a first recipe for a root tree. */
import { command } from "../command.ts";
import { safeText } from "../text/safe.ts";

export const init = command({
  name: "init",
  summary: "write a first recipe for a root tree",
  about:
    "Looks for busybox, or a shell and mount, in the tree, and writes a commented recipe with an init of its own. " +
    "A file that is there already is left as it is.",
  operands: [{ name: "recipe", says: "the file to write (default: ./initrd.yaml)", need: "optional" }],
  options: {
    sysroot: {
      takes: "ROOT",
      says: "the root tree that the image is made from: a directory or an archive (default: /)",
    },
    arch: { takes: "NAME", says: "which image of an archive that holds several" },
  },
  onFailure: "nothing was written",
  examples: [
    ["initgraph init && initgraph build", "an initrd from this machine's own root"],
    ["initgraph init --sysroot /srv/arm64 board.yaml", "for another machine's root tree"],
  ],
  async run({ operands, options }, terminal) {
    const { writeFirstRecipe } = await import("../work/init.ts");
    const recipe = operands[0] ?? "initrd.yaml";
    await writeFirstRecipe({ file: recipe, sysroot: options.sysroot ?? "/", arch: options.arch ?? null });
    if (terminal.isJson) terminal.printJson({ ok: true, recipe });
    else terminal.print(`${safeText(recipe)}\n`);
    return 0;
  },
});
