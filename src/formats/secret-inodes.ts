/**
 * How the entries of an image's secrets are told from all others: by inode numbers that count up from one that no
 * other segment's reach (plan/segments.ts stays below 2^31). No reader looks at the number of a file of one link.
 */
import type { CpioEntry } from "./cpio-decode.ts";

export const FIRST_SECRET_INODE = 0xf5ec_0000;

/** How many of an image's last entries are of its secrets. */
export function countSecretEntries(entries: readonly Pick<CpioEntry, "ino">[]): number {
  const last = entries.at(-1);
  const count = last === undefined ? 0 : last.ino - FIRST_SECRET_INODE + 1;
  if (count < 1 || count > entries.length) return 0;
  const first = entries.length - count;
  for (let at = 0; at < count; at++) if (entries[first + at]!.ino !== FIRST_SECRET_INODE + at) return 0;
  return count;
}
