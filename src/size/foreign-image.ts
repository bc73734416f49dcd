/** An image that nobody kept a manifest of: its members stand for layers, and what brought an entry is not known. */

import type { HostPath } from "../core/path.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { kindOfMode, placeOf, readImageFile } from "../inspect/list-image.ts";
import type { Member } from "../inspect/read-image.ts";
import type { InspectPorts } from "../inspect/unpack-member.ts";
import type { TracedEntry, TracedImage, TracedLayer } from "../trace/traced-image.ts";
import type { ContentFacts, Contents } from "./contents.ts";
import { lookingVisitor } from "./look-into.ts";

export interface ForeignImage {
  readonly image: TracedImage;
  readonly contents: Contents;
}

/** Throws BuildFailure as `listImage` does. */
export async function readForeignImage(
  path: HostPath,
  name: string,
  ports: InspectPorts,
): Promise<ForeignImage> {
  const entries: TracedEntry[] = [];
  const contents = new Map<number, ContentFacts>();
  const visitor = lookingVisitor((entry, member, facts) => {
    contents.set(entries.length, facts);
    entries.push(entryOf(entry, member, facts));
  });
  const { members } = await readImageFile(path, visitor, ports);
  const references = { nodes: [], references: [] };
  return { image: { name, layers: members.map(layerOf), entries, references }, contents };
}

function layerOf({ kind, size, unpackedSize }: Member, at: number): TracedLayer {
  return { name: `member ${at + 1} (${kind})`, segments: [{ size: unpackedSize, compressed: size }] };
}

/** An entry of no kind that the kernel knows is one without data. */
function entryOf(entry: CpioEntry, member: number, { digest }: ContentFacts): TracedEntry {
  const path = placeOf(entry);
  const kind = kindOfMode(entry.mode) ?? "fifo";
  return {
    path,
    original: path,
    kind,
    size: kind === "file" ? entry.size : 0,
    digest,
    to: entry.to,
    mode: entry.mode & 0o7777,
    uid: entry.uid,
    gid: entry.gid,
    major: entry.rdevMajor,
    minor: entry.rdevMinor,
    layer: member,
    segment: 0,
    overriddenBy: null,
    node: null,
  };
}
