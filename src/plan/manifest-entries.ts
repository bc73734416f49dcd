/** The manifest's list of entries: what each is, and the reference that brought it. `contents`: of the files that were read for their layer. */

import type { Digest } from "../core/digest.ts";
import { type Entry, unreachable } from "../core/entry.ts";
import { type ByteString, decodeUtf8, showBytes, showPath, type TargetPath } from "../core/path.ts";
import type { Plan } from "./plan.ts";

/** One entry, ready for JSON. Names that are no UTF-8 are shown escaped, with their bytes beside them. */
export type ManifestEntry = Readonly<Record<string, string | number | object>>;

export function* manifestEntries(
  plan: Plan,
  contents: ReadonlyMap<TargetPath, Digest>,
): Generator<ManifestEntry> {
  for (const { name, entries } of plan.layers) {
    for (const { entry, because } of entries) {
      yield {
        path: showPath(entry.path),
        ...rawName("pathBytes", entry.path),
        ...partsOf(entry, contents),
        mode: entry.mode.toString(8).padStart(4, "0"),
        uid: entry.uid,
        gid: entry.gid,
        layer: name,
        ...(because === null ? {} : { because }),
      };
    }
  }
}

function partsOf(entry: Entry, contents: ReadonlyMap<TargetPath, Digest>): ManifestEntry {
  const { kind } = entry;
  switch (kind) {
    case "file":
      return { kind, size: entry.size, digest: contents.get(entry.path) ?? entry.content ?? "" };
    case "symlink":
      return { kind, to: showBytes(entry.to), ...rawName("toBytes", entry.to) };
    case "char":
    case "block":
      return { kind, major: entry.major, minor: entry.minor };
    case "directory":
    case "fifo":
    case "socket":
      return { kind };
    default:
      return unreachable(entry);
  }
}

function rawName(key: string, bytes: ByteString): Record<string, string> {
  return decodeUtf8(bytes) === null ? { [key]: Buffer.from(bytes, "latin1").toString("hex") } : {};
}
