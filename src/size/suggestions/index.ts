/** All that could be saved, the most first. What is below a two-hundredth of the image is not worth a line. */
import type { Amount } from "../amounts.ts";
import { lookAtSections, lookForDuplicates, lookForMachines } from "./by-content.ts";
import { lookAtPaths } from "./by-path.ts";
import { lookForFirmware, lookForPacked } from "./of-kernels.ts";
import type { Inspected, Look, Suggestion } from "./suggestion.ts";

const LOOKS: readonly Look[] = [
  lookAtPaths,
  lookAtSections,
  lookForDuplicates,
  lookForMachines,
  lookForFirmware,
  lookForPacked,
];

const THRESHOLD = 1 / 200;

export function suggest(inspected: Inspected): Suggestion[] {
  const { account, image } = inspected;
  return LOOKS.flatMap((look) => look(inspected))
    .filter(({ concerns, saves }) => counts(saves ?? concerns, account.total))
    .map((one) => ({
      ...one,
      entries: [...one.entries].sort((a, b) => image.entries[b]!.size - image.entries[a]!.size || a - b),
    }))
    .sort((a, b) => (b.saves?.unpacked ?? 0) - (a.saves?.unpacked ?? 0));
}

function counts(amount: Amount, total: Amount): boolean {
  const isLarge = amount.unpacked > 0 && amount.unpacked >= total.unpacked * THRESHOLD;
  if (isLarge || amount.compressed === null || total.compressed === null) return isLarge;
  return amount.compressed > 0 && amount.compressed >= total.compressed * THRESHOLD;
}
