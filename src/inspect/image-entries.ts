/** The entries of an image with digests of their data, and single pieces of that data: what two images are compared by. */
import { type Digest, startDigest } from "../core/digest.ts";
import type { HostPath } from "../core/path.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { readImageFile, withImageFile } from "./list-image.ts";
import { type ImageContents, type Member, readMember } from "./read-image.ts";
import type { InspectPorts } from "./unpack-member.ts";

export interface DigestedEntry extends CpioEntry {
  /** The member that holds it, counted from 0. */
  readonly member: number;
  /** Null: it has no data. */
  readonly digest: Digest | null;
}

export interface DigestedImage extends ImageContents {
  readonly path: HostPath;
  readonly entries: readonly DigestedEntry[];
}

/** No data is held. Throws what `listImage` throws. */
export async function digestImage(path: HostPath, ports: InspectPorts): Promise<DigestedImage> {
  const entries: DigestedEntry[] = [];
  let digest: ReturnType<typeof startDigest> | null = null;
  let left = 0;
  const visitor = {
    entry: (entry: CpioEntry, member: number) => {
      // A symlink's target came with it.
      left = entry.to === null ? entry.size : 0;
      digest = left > 0 ? startDigest() : null;
      entries.push({ ...entry, member, digest: null });
    },
    data: (piece: Uint8Array) => {
      digest?.update(piece);
      left -= piece.length;
      if (digest === null || left > 0) return;
      entries.push({ ...entries.pop()!, digest: digest.finish() });
      digest = null;
    },
  };
  const contents = await readImageFile(path, visitor, ports);
  return { ...contents, path, entries };
}

/** Gives an entry's data piece by piece until `take` says that it has enough. */
export async function readEntryData(
  image: DigestedImage,
  { member: number, offset }: Pick<DigestedEntry, "member" | "offset">,
  take: (piece: Uint8Array) => boolean,
  ports: InspectPorts,
): Promise<void> {
  const member: Member = image.members[number]!;
  let isWanted = false;
  const visitor = {
    entry: (entry: CpioEntry) => {
      if (isWanted) throw new Enough();
      isWanted = entry.offset === offset;
    },
    data: (piece: Uint8Array) => {
      if (isWanted && !take(piece)) throw new Enough();
    },
  };
  await withImageFile(image.path, ports, async (source) => {
    try {
      await readMember(source, { member, from: offset }, visitor, ports);
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
    }
  });
}

/** Ends a reading that has given what it was for. */
class Enough extends Error {}
