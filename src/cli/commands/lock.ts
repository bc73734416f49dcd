/** `initgraph lock`: what the image is made of, written down. */
import { command } from "../command.ts";
import { parseJobs } from "../jobs.ts";
import { KERNEL, parseSettings, SET } from "../settings.ts";
import { safeText } from "../text/safe.ts";
import { showCount } from "../text/size.ts";

export const lock = command({
  name: "lock",
  summary: "write down what the image of a recipe is made of",
  about:
    "Builds the image without keeping it, and writes <recipe>.lock: the digest of every file that went in, of the " +
    "recipe and of the image, and the compressor. `build --locked` then refuses what is not so, and every other build says it. " +
    "With --kernel the lock is that kernel's alone, and is called <recipe>.<version>.lock.",
  operands: [{ name: "recipe", says: "the recipe (default: ./initrd.yaml)", need: "optional" }],
  options: {
    sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's: a directory or an archive" },
    compressor: { takes: "NAME", says: "the compressor, in place of the recipe's" },
    kernel: KERNEL,
    set: SET,
    jobs: { short: "j", takes: "N", says: "compress so many pieces at a time (default: one for each core)" },
    cache: { takes: "DIR", says: "where finished pieces are kept (see `initgraph cache path --help`)" },
    "no-cache": { takes: null, says: "build everything anew and keep nothing" },
  },
  onFailure: "the lock is as it was",
  examples: [
    ["initgraph lock", "write ./initrd.yaml.lock, to be kept with the recipe"],
    ["initgraph build --locked", "build, and refuse what the lock does not say"],
  ],
  async run({ operands, options }, terminal) {
    const { writeLock } = await import("../work/lock.ts");
    const written = await writeLock({
      recipe: operands[0] ?? "initrd.yaml",
      sysroot: options.sysroot,
      compressor: options.compressor,
      kernel: options.kernel,
      variables: parseSettings(options.set),
      cache: options["no-cache"] ? "nowhere" : { named: options.cache },
      jobs: parseJobs(options.jobs),
      wantsReasons: false,
      sboms: [],
      emitsLayers: false,
      tell: terminal.tell,
    });
    if (terminal.isJson) {
      terminal.printJson({ ok: true, ...written });
      return 0;
    }
    terminal.note(`${showCount(written.inputs, "input")}; image ${written.image.digest}\n`);
    terminal.print(`${safeText(written.file)}\n`);
    return 0;
  },
});
