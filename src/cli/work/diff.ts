/** Compares two images, manifests or recipes, or two locks, and says what differs. */

import type { CompareWishes } from "../../compare/compare-sides.ts";
import { diffImages, type ImageDiff, isDifferent } from "../../compare/diff-images.ts";
import { withOptimizing } from "../../machine/optimizer.ts";
import { machinePorts } from "../../machine/ports.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { imageDiffText, type Listing } from "../text/image-diff.ts";
import { safeText } from "../text/safe.ts";
import { imageDiffJson } from "./diff-json.ts";
import { diffLocks } from "./diff-locks.ts";
import { type SideOrder, withSide } from "./diff-sides.ts";

export interface DiffOrder extends Omit<SideOrder, "recipe"> {
  /** As they were typed. */
  readonly first: string;
  readonly second: string;
  readonly wishes: CompareWishes;
  readonly listing: Listing;
  /** A file for a page; null: none. */
  readonly html: string | null;
}

const LOCK = ".lock";
const IGNORABLE = ["time", "mode", "owner", "content", "packing"];

export function parseIgnored(words: readonly string[]): ReadonlySet<string> {
  const wrong = words.find((word) => !IGNORABLE.includes(word));
  if (wrong !== undefined)
    throw new WrongUsage(`--ignore takes ${IGNORABLE.join(", ")}, not "${safeText(wrong)}"`);
  return new Set(words);
}

/** Throws BuildFailure: what reading either side throws. */
export async function runDiff(order: DiffOrder, terminal: Terminal): Promise<ExitCode> {
  const { first, second } = order;
  const locks = [first, second].filter((word) => word.endsWith(LOCK)).length;
  if (locks === 1) throw new WrongUsage("a lock can only be compared with a lock");
  if (locks === 2) return diffLocks(first, second, terminal);
  withOptimizing();
  const diff = await compare(order, terminal);
  if (order.html !== null) await writeDiffPage(diff, order, terminal);
  if (terminal.isJson) terminal.printJson(imageDiffJson(diff));
  else terminal.print(imageDiffText(diff, order.listing));
  return isDifferent(diff) ? 1 : 0;
}

async function writeDiffPage(diff: ImageDiff, order: DiffOrder, terminal: Terminal): Promise<void> {
  const { writePage } = await import("./write-page.ts");
  const { diffPage } = await import("../text/diff-page.ts");
  const file = order.html!;
  writePage(file, { name: "diff", ...diffPage(diff, order) }, machinePorts(1).host);
  terminal.note(`page: ${safeText(file)}\n`);
}

async function compare(
  { first, second, wishes, listing: _, html: __, ...order }: DiffOrder,
  terminal: Terminal,
): Promise<ImageDiff> {
  return withSide({ ...order, recipe: first }, terminal, (before) =>
    withSide({ ...order, recipe: second }, terminal, (after) => diffImages(before, after, wishes)),
  );
}
