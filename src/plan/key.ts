/** The key of a segment: everything that can change its bytes, and nothing else. Every file's content must be known. */
import { type ActionKey, actionKey } from "../core/digest.ts";
import { type Entry, unreachable } from "../core/entry.ts";

export function segmentKey(entries: readonly Entry[], firstInode: number, epoch: number): ActionKey {
  return actionKey([
    "initgraph segment body 1", // raise it when the cpio writer's bytes change for the same entries
    String(epoch), // mtime of every entry
    String(firstInode), // inode numbers stand in every header
    ...entries.map((entry) => JSON.stringify(keyParts(entry))),
  ]);
}

function keyParts(entry: Entry): (string | number)[] {
  const parts = [entry.kind, entry.path, entry.mode, entry.uid, entry.gid];
  switch (entry.kind) {
    case "directory":
      return parts;
    case "file":
      if (entry.content === null) throw new TypeError(`nobody has read ${entry.path}`);
      return [...parts, entry.size, entry.content];
    case "symlink":
      return [...parts, entry.to];
    case "char":
    case "block":
    case "fifo":
    case "socket":
      return [...parts, entry.major, entry.minor];
    default:
      return unreachable(entry);
  }
}

/** Whether the content of every file is known. */
export function isRead(entries: readonly Entry[]): boolean {
  return entries.every((entry) => entry.kind !== "file" || entry.content !== null);
}
