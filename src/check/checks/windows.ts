/** What unpacking costs beside the bytes: the kernel allocates and clears a member's window anew for each member. */
import type { Finding } from "../finding.ts";
import type { ImageView } from "../image-view.ts";

/** 402 members of 8 MiB windows cost an emulated machine 19 s, and of small ones 1.5. Bytes. */
const MUCH = 2 ** 30;
const TIMES = 8;

export function checkWindows({ members }: ImageView): Finding[] {
  const windows = members.reduce((sum, { window }) => sum + window, 0);
  const unpacked = members.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0);
  if (windows < MUCH || windows < unpacked * TIMES) return [];
  return [{ code: "check/window-cost", members: members.length, windows, unpacked }];
}
