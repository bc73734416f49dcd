/**
 * A segment's entries as newc bytes in memory: each file is read once, from the disk to its place in the body,
 * and its digest taken there.
 */
import { type Digest, digestOf } from "../core/digest.ts";
import type { FileEntry } from "../core/entry.ts";
import { encodeCpioEntry, padded } from "../formats/cpio.ts";
import type { SegmentPlan } from "../plan/plan.ts";
import { checkedContent } from "./file-check.ts";
import type { OpenContent } from "./read-content.ts";

/** Fills a buffer of the plan's size. Gives what the files hold. Throws BuildFailure host/file-changed. */
export function writeBody(
  plan: SegmentPlan,
  epoch: number,
  into: Uint8Array,
  open: OpenContent,
): Map<FileEntry, Digest> {
  const contents = new Map<FileEntry, Digest>();
  let inode = plan.firstInode;
  let at = 0;
  for (const entry of plan.entries) {
    const head = encodeCpioEntry(entry, inode, epoch);
    into.set(head, at);
    inode += 1;
    at += head.length;
    if (entry.kind !== "file") continue;
    contents.set(entry, readFile(entry, into.subarray(at, at + entry.size), open));
    const end = at + padded(entry.size);
    into.fill(0, at + entry.size, end); // the buffer held another segment before
    at = end;
  }
  return contents;
}

function readFile(entry: FileEntry, into: Uint8Array, open: OpenContent): Digest {
  const opened = open(entry.source);
  try {
    const length = into.length === 0 ? 0 : opened.file.read(into, 0);
    return checkedContent(entry, length, digestOf(into), opened);
  } finally {
    opened.file.close();
  }
}
