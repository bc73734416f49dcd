/** Modules and firmware: what nobody asks for, and what is packed twice. */
import type { TracedEntry } from "../../trace/traced-image.ts";
import { amountIn } from "../amounts.ts";
import type { Inspected, Suggestion } from "./suggestion.ts";

const MODULE = /\.ko(\.(gz|xz|zst))?$/;
const FIRMWARE = /(^|\/)lib\/firmware\//;

/**
 * Which firmware a module asks for stands in the graph where the recipe's `kernel` chose the modules. Where even one came
 * otherwise nobody knows what it asks for, and nothing is said.
 */
export function lookForFirmware({ image: { entries, references }, account }: Inspected): Suggestion[] {
  const chosen = new Set<number>();
  const asked = new Set<number>();
  for (const { to, reason } of references.references) {
    if (KERNEL_CHOICES.has(reason)) chosen.add(to);
    if (reason === "firmware" || reason === "symlink") asked.add(to);
  }
  const modules = entries.filter(({ kind, path }) => kind === "file" && MODULE.test(path));
  if (modules.length === 0 || !modules.every(({ node }) => node !== null && chosen.has(node))) return [];
  const idle = [...entries.keys()].filter((at) => {
    const { kind, path, node } = entries[at]!;
    return kind === "file" && FIRMWARE.test(path) && (node === null || !asked.has(node));
  });
  const concerns = amountIn(account.entries, idle);
  return [{ kind: "unnamed-firmware", entries: idle, concerns, saves: concerns, which: "" }];
}

const KERNEL_CHOICES: ReadonlySet<string> = new Set(["module-depends", "softdep", "weakdep", "named"]);

/** How much it would save depends on the compressor. */
export function lookForPacked({ image, account }: Inspected): Suggestion[] {
  const packed = [...image.entries.keys()].filter((at) => {
    const entry = image.entries[at]!;
    const isPacked =
      /\.(gz|xz|zst)$/.test(entry.path) && (MODULE.test(entry.path) || FIRMWARE.test(entry.path));
    return isPacked && entry.kind === "file" && isCompressed(entry, image);
  });
  const concerns = amountIn(account.entries, packed);
  return [{ kind: "packed-twice", entries: packed, concerns, saves: null, which: "" }];
}

/** Some of its member is smaller than it was: a plain one is larger, by its trailer. */
function isCompressed({ layer, segment }: TracedEntry, { layers }: Inspected["image"]): boolean {
  const { size, compressed } = layers[layer]!.segments[segment]!;
  return compressed !== null && compressed < size;
}
