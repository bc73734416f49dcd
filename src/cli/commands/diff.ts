/** `initgraph diff`: what changed between two images, and why. */
import { command } from "../command.ts";
import { KERNEL, parseSettings, SET } from "../settings.ts";

export const diff = command({
  name: "diff",
  summary: "say what differs between two images, manifests, recipes or locks, and why",
  about:
    "Compares what the kernel would unpack: entries that came or went, each group with the reference that brought it where manifests or " +
    "recipes tell; of what changed the mode, the owner and what in the content (libraries of a program, lines of a text, the version of a " +
    "module). A is an image, whoever made it, a manifest or a recipe, of which is taken what a build would make now; so is B. Two locks are compared " +
    "input by input. The exit code is 1 where anything differs.",
  operands: [
    { name: "A", says: "what was", need: "one" },
    { name: "B", says: "what is", need: "one" },
  ],
  options: {
    fold: {
      takes: null,
      says: "take for the same what differs in a kernel's version, a store path's hash, the machine's library directory, or how a module is packed",
    },
    all: { takes: null, says: "list every entry, also of a directory that came or went with much in it" },
    ignore: {
      takes: "WHAT",
      repeats: true,
      says: "what does not count: time, mode, owner, content, packing (may be repeated)",
    },
    html: { takes: "FILE", says: "also write a page with both sides beside one another" },
    sysroot: { takes: "ROOT", says: "the root tree, in place of a recipe's" },
    kernel: KERNEL,
    set: SET,
    cache: { takes: "DIR", says: "the cache to look into (see `initgraph cache path --help`)" },
    "no-cache": { takes: null, says: "as if nothing were cached or known" },
  },
  onFailure: "nothing was compared",
  examples: [
    ["initgraph diff old/initrd result/initrd", "between two builds, with the causes of their manifests"],
    ["initgraph diff result/initrd initrd.yaml", "what a build would change now"],
    [
      "initgraph diff /boot/initrd.img-6.1.0-50 /boot/initrd.img-6.1.0-51 --fold",
      "of two kernels, other than their versions",
    ],
    ["initgraph diff board.yaml.lock new/board.yaml.lock", "which inputs moved"],
    ["initgraph diff old/initrd result/initrd --html diff.html", "for a browser, and for a review"],
    ["initgraph diff a.img b.img --ignore time --ignore packing", "whether the same tree comes of both"],
  ],
  async run({ operands, options }, terminal) {
    const { parseIgnored, runDiff } = await import("../work/diff.ts");
    const order = {
      sysroot: options.sysroot,
      compressor: null,
      kernel: options.kernel,
      variables: parseSettings(options.set),
      cache: options["no-cache"] ? ("nowhere" as const) : { named: options.cache },
    };
    const wishes = { isFolded: options.fold, ignored: parseIgnored(options.ignore) };
    const sides = { first: operands[0]!, second: operands[1]! };
    const listing = options.all ? ("whole" as const) : ("folded" as const);
    return runDiff({ ...order, ...sides, wishes, listing, html: options.html }, terminal);
  },
});
