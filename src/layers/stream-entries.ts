/** The same bytes as write-body.ts, in pieces: for a segment that is too large for memory, its content known. */
import { startDigest } from "../core/digest.ts";
import type { FileEntry } from "../core/entry.ts";
import { encodeCpioEntry, paddingAfter } from "../formats/cpio.ts";
import type { SegmentPlan } from "../plan/plan.ts";
import { checkedContent } from "./file-check.ts";
import { Pieces } from "./pieces.ts";
import type { OpenContent } from "./read-content.ts";

export async function* streamEntries(
  plan: SegmentPlan,
  epoch: number,
  open: OpenContent,
): AsyncGenerator<Uint8Array> {
  const pieces = new Pieces();
  let inode = plan.firstInode;
  for (const entry of plan.entries) {
    yield* pieces.put(encodeCpioEntry(entry, inode, epoch));
    inode += 1;
    if (entry.kind === "file") {
      yield* copyContent(entry, open, pieces);
      yield* pieces.put(paddingAfter(entry.size));
    }
  }
  yield* pieces.rest();
}

/** Writes the size and the digest that the plan's key names, or fails: the file changed since then. */
function* copyContent(entry: FileEntry, open: OpenContent, pieces: Pieces): Generator<Uint8Array, void> {
  const opened = open(entry.source);
  const { file } = opened;
  const digest = startDigest();
  try {
    let position = 0;
    while (position < entry.size && file.size === entry.size) {
      const room = yield* pieces.room();
      const into = room.subarray(0, Math.min(room.length, entry.size - position));
      const length = file.read(into, position);
      if (length === 0) break;
      digest.update(into.subarray(0, length));
      pieces.take(length);
      position += length;
    }
    checkedContent(entry, position, digest.finish(), opened);
  } finally {
    file.close();
  }
}
