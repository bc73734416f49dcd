/** The key of a segment: everything that can change its bytes, and nothing else. Every file's content must be known. */
import { type ActionKey, actionKey, type Digest } from "../core/digest.ts";
import { type Entry, type FileEntry, unreachable } from "../core/entry.ts";

export interface SegmentParts {
  readonly entries: readonly Entry[];
  /** Of files that were read since the entries were made; null: none. */
  readonly contents: ReadonlyMap<FileEntry, Digest> | null;
  readonly firstInode: number;
  readonly epoch: number;
}

export function segmentKey({ entries, contents, firstInode, epoch }: SegmentParts): ActionKey {
  return actionKey([
    "initgraph segment body 1", // raise it when the cpio writer's bytes change for the same entries
    String(epoch), // mtime of every entry
    String(firstInode), // inode numbers stand in every header
    ...entries.map((entry) => JSON.stringify(keyParts(entry, contents))),
  ]);
}

function keyParts(entry: Entry, contents: SegmentParts["contents"]): (string | number)[] {
  const parts = [entry.kind, entry.path, entry.mode, entry.uid, entry.gid];
  switch (entry.kind) {
    case "directory":
      return parts;
    case "file": {
      const content = contents?.get(entry) ?? entry.content;
      if (content === null) throw new TypeError(`nobody has read ${entry.path}`);
      return [...parts, entry.size, content];
    }
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
