/** `initgraph size`: what everything costs. */
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { command } from "../command.ts";
import { KERNEL, parseSettings, SET } from "../settings.ts";
import { safeText } from "../text/safe.ts";

export const size = command({
  name: "size",
  summary: "say what each line of a recipe costs, and what could be saved",
  about:
    "Of a recipe, or of an image with its manifest beside it. Own is what a line names itself; retained is what would go if the line went, " +
    "since nothing else needs it. Compressed sizes are shares of what was compressed together, by length: a file by itself may pack better or worse. " +
    "A recipe is decided as `initgraph plan` does it, and pieces that are not cached have no compressed size yet. Of an image without a manifest " +
    "directories and members are told; which line brought a file cannot be known. --html writes a page to look at it: one file, which loads nothing.",
  operands: [
    {
      name: "recipe|image",
      says: "a recipe, an image, or a manifest (default: ./initrd.yaml)",
      need: "optional",
    },
  ],
  options: {
    by: {
      takes: "PART",
      says: "line, layer, package or directory (default: line, of others' images directory)",
    },
    top: { takes: "N", says: "rows of each table, or all (default: 10)" },
    html: { takes: "FILE", says: "write a page with a treemap, a table and the chain of every file" },
    sysroot: { takes: "ROOT", says: "the root tree, in place of the recipe's" },
    kernel: KERNEL,
    set: SET,
    cache: { takes: "DIR", says: "the cache to look into (see `initgraph cache path --help`)" },
    "no-cache": { takes: null, says: "as if nothing were cached or known" },
  },
  onFailure: "",
  examples: [
    ["initgraph size", "what each line of ./initrd.yaml costs, and what could be saved"],
    ["initgraph size board.yaml --by package --top all", "which packages the image is made of"],
    ["initgraph size result/initrd --html size.html", "the same of a built image, to look at in a browser"],
    ["initgraph size /boot/initrd.img --by directory", "of an image that another program made"],
  ],
  async run({ operands, options }, terminal) {
    const { runSize } = await import("../work/size.ts");
    const cache = options["no-cache"] ? ("nowhere" as const) : { named: options.cache };
    return runSize(
      {
        subject: operands[0] ?? "initrd.yaml",
        order: {
          sysroot: options.sysroot,
          compressor: null,
          kernel: options.kernel,
          variables: parseSettings(options.set),
          cache,
        },
        by: readPart(options.by),
        top: readTop(options.top),
        html: options.html,
      },
      terminal,
    );
  },
});

const PARTS = ["line", "layer", "package", "directory"] as const;
export type SizePart = (typeof PARTS)[number];

function readPart(word: string | null): SizePart | null {
  const part = PARTS.find((one) => one === word) ?? null;
  if (part !== null || word === null) return part;
  throw new WrongUsage(
    `--by is ${PARTS.slice(0, -1).join(", ")} or ${PARTS.at(-1)}, not "${safeText(word)}"`,
  );
}

const DEFAULT_TOP = 10;

function readTop(word: string | null): number {
  if (word === null) return DEFAULT_TOP;
  if (word === "all") return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,6}$/.test(word)) return Number(word);
  throw new WrongUsage(`--top is a number of rows, or all, not "${safeText(word)}"`);
}
