/** A segment's entries as newc bytes, each file checked against what the graph saw. */
import { startDigest } from "../core/digest.ts";
import type { FileEntry } from "../core/entry.ts";
import { BuildFailure } from "../core/problem.ts";
import { encodeCpioEntry, paddingAfter } from "../formats/cpio.ts";
import type { SegmentPlan } from "../plan/plan.ts";
import { Pieces } from "./pieces.ts";
import type { OpenContent } from "./read-content.ts";

export async function* writeEntries(
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

/** Writes the size and the digest that the plan's key names, or fails: the file changed since it was scanned. */
function* copyContent(entry: FileEntry, open: OpenContent, pieces: Pieces): Generator<Uint8Array, void> {
  const { file, path } = open(entry.source);
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
    if (position !== entry.size || digest.finish() !== entry.content) {
      throw new BuildFailure([{ code: "host/file-changed", path }]);
    }
  } finally {
    file.close();
  }
}
