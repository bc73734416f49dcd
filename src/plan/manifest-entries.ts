/** The manifest's list of entries: what each is, and the reference that brought it. `contents`: of the files that were read for their layer. */

import type { Digest } from "../core/digest.ts";
import type { FileEntry } from "../core/entry.ts";
import { type ByteString, decodeUtf8, showBytes, showPath, type TargetPath } from "../core/path.ts";
import { overriddenIn } from "./entries.ts";
import { originalPaths } from "./originals.ts";
import type { LayerPlan, Plan, PlannedEntry } from "./plan.ts";

/** One entry, ready for JSON: what is undefined is not of its kind. Names that are no UTF-8 are shown escaped, with their bytes beside them. */
export type ManifestEntry = Readonly<Record<string, string | number | object | undefined>>;

export function* manifestEntries(
  plan: Plan,
  contents: ReadonlyMap<FileEntry, Digest>,
): Generator<ManifestEntry> {
  const overridden = overriddenIn(plan);
  const originalOf = originalPaths(plan);
  for (const [index, layer] of plan.layers.entries()) {
    const segmentOf = segmentsOf(layer);
    for (const [at, planned] of layer.entries.entries()) {
      const by = overridden(index, planned.entry.path);
      yield manifestEntry(planned, { layer: layer.name, segment: segmentOf(at), by, originalOf, contents });
    }
  }
}

/** Which segment of its layer holds an entry; asked for one entry after the other. */
function segmentsOf({ segments }: LayerPlan): (entry: number) => number {
  let segment = 0;
  let end = segments[0]?.entries.length ?? 0;
  return (entry) => {
    while (entry >= end && segment < segments.length - 1) end += segments[++segment]!.entries.length;
    return segment;
  };
}

interface Beside {
  readonly layer: string;
  readonly segment: number;
  /** The layer that lies over it; null: none does. */
  readonly by: string | null;
  readonly originalOf: (path: TargetPath) => TargetPath;
  readonly contents: ReadonlyMap<FileEntry, Digest>;
}

function manifestEntry(
  { entry, because }: PlannedEntry,
  { layer, segment, by, originalOf, contents }: Beside,
): ManifestEntry {
  const original = originalOf(entry.path);
  const file = entry.kind === "file" ? entry : undefined;
  const to = entry.kind === "symlink" ? entry.to : undefined;
  const device = entry.kind === "char" || entry.kind === "block" ? entry : undefined;
  // One literal, in the order of the manifest: an image may have very many entries.
  return {
    path: showPath(entry.path),
    pathBytes: rawBytes(entry.path),
    original: original === entry.path ? undefined : showPath(original),
    kind: entry.kind,
    size: file?.size,
    digest: file && (contents.get(file) ?? file.content ?? ""),
    to: to && showBytes(to),
    toBytes: to && rawBytes(to),
    major: device?.major,
    minor: device?.minor,
    mode: entry.mode.toString(8).padStart(4, "0"),
    uid: entry.uid,
    gid: entry.gid,
    layer,
    segment,
    overriddenBy: by ?? undefined,
    because: because ?? undefined,
  };
}

/** Hexadecimal; undefined for what can be shown as it is. */
function rawBytes(bytes: ByteString): string | undefined {
  return decodeUtf8(bytes) === null ? Buffer.from(bytes, "latin1").toString("hex") : undefined;
}
