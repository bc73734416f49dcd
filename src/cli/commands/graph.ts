/** `initgraph graph`: everything that is in an image, and what brought it. */
import { command } from "../command.ts";
import { KERNEL, parseSettings, SET } from "../settings.ts";

export const graph = command({
  name: "graph",
  summary: "show what leads to what in an image, as a tree or a picture",
  about:
    "Prints a tree: each line of the recipe, what it names, what that needs, and so on. What several lead to is shown once, where the " +
    "shortest chain from the recipe ends; elsewhere it is mentioned by its number. A copied directory is one line. " +
    "Pictures (--format svg, html, dot, mermaid) fold alike files, what a line alone brings, and at last directories, until they can be read, and say " +
    "what they folded; --all folds nothing. --by shows groups in place of files, with the number of references between them; of a finished image " +
    "no package is known but its store paths. --format gen_init_cpio and 3cpio write the list that these tools make the same tree of. Nothing is kept in the cache.",
  operands: [
    {
      name: "recipe|image",
      says: "a recipe, an image with its manifest beside it, or a manifest (default: ./initrd.yaml)",
      need: "optional",
    },
  ],
  options: {
    format: {
      takes: "NAME",
      says: "text, json, svg, html, dot, mermaid, gen_init_cpio or 3cpio (default: text)",
    },
    focus: { takes: "NAME", says: "only what leads to this path, library or module, and what it leads to" },
    depth: {
      takes: "N",
      says: "so many steps from the recipe, or from the focus (default: all; 2 with --focus)",
    },
    by: { takes: "WHAT", says: "groups: layer, package or recipe-line" },
    all: { takes: null, says: "a picture with every file; with --by, framed by its group" },
    out: { short: "o", takes: "FILE", says: "write it there (default: standard output)" },
    files: {
      takes: "DIR",
      says: "where lists find what is no file of this machine: it is written into this new directory",
    },
    sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's" },
    kernel: KERNEL,
    set: SET,
    cache: { takes: "DIR", says: "the cache to look into (see `initgraph cache path --help`)" },
    "no-cache": { takes: null, says: "as if nothing were cached or known" },
  },
  onFailure: "nothing was drawn",
  examples: [
    ["initgraph graph", "the tree of ./initrd.yaml"],
    ["initgraph graph result/initrd --focus libcrypto.so.3", "who needs it, and what it needs"],
    ["initgraph graph --by package --sysroot /srv/root", "how packages hang together, and what they cost"],
    ["initgraph graph --format html -o graph.html", "a page to search and to unfold, for any browser"],
    ["initgraph graph --format svg -o graph.svg", "a picture, without Graphviz"],
    ["initgraph graph --format dot | dot -Tpdf > graph.pdf", "the same for Graphviz"],
    [
      "initgraph graph --format gen_init_cpio --files parts > list",
      "for the kernel's CONFIG_INITRAMFS_SOURCE",
    ],
  ],
  async run({ operands, options }, terminal) {
    const { printGraph } = await import("../work/graph.ts");
    return printGraph(
      {
        recipe: operands[0] ?? "initrd.yaml",
        sysroot: options.sysroot,
        compressor: null,
        kernel: options.kernel,
        variables: parseSettings(options.set),
        cache: options["no-cache"] ? ("nowhere" as const) : { named: options.cache },
        format: options.format,
        focus: options.focus,
        depth: options.depth,
        by: options.by,
        isWhole: options.all,
        out: options.out,
        files: options.files,
      },
      terminal,
    );
  },
});
