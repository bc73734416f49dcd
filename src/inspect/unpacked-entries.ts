/** What an image comes to once the kernel has unpacked it, with digests of its files: what two images are compared by. No data is held. */
import { type Digest, startDigest } from "../core/digest.ts";
import { type ByteString, type HostPath, ROOT, type TargetPath } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { placeOf, readImageFile } from "./list-image.ts";
import { type FileReader, readFiles } from "./read-files.ts";
import type { ImageContents } from "./read-image.ts";
import type { InspectPorts } from "./unpack-member.ts";
import { type RecordPlace, THERE_BEFORE, UnpackedTree } from "./unpacked-tree.ts";

export interface UnpackedEntry {
  readonly path: TargetPath;
  readonly facts: FileFacts;
  readonly to: ByteString | null;
  /** Null: it has no data. */
  readonly digest: Digest | null;
  /** Seconds since 1970; null: no entry has just this name. */
  readonly mtime: number | null;
  /** Where its data stands; null: it has none. */
  readonly data: RecordPlace | null;
}

export interface UnpackedEntries {
  readonly contents: ImageContents;
  readonly entries: readonly UnpackedEntry[];
}

/** Throws what `listImage` throws. */
export async function readUnpacked(path: HostPath, ports: InspectPorts): Promise<UnpackedEntries> {
  const tree = new UnpackedTree();
  const mtimes = new Map<TargetPath, number>();
  const digests = new Map<string, Digest>();
  let record: {
    readonly place: RecordPlace;
    readonly digest: ReturnType<typeof startDigest>;
    left: number;
  } | null = null;
  const visitor = {
    entry: (entry: CpioEntry, member: number) => {
      tree.add(entry, member);
      mtimes.set(placeOf(entry), entry.mtime);
      // A symlink's target came with it.
      const hasData = entry.to === null && entry.size > 0;
      const place = { member, offset: entry.offset };
      record = hasData ? { place, digest: startDigest(), left: entry.size } : null;
    },
    data: (piece: Uint8Array) => {
      if (record === null) return;
      record.digest.update(piece);
      record.left -= piece.length;
      if (record.left === 0) digests.set(keyOf(record.place), record.digest.finish());
    },
    trailer: () => tree.endArchive(),
  };
  const contents = await readImageFile(path, visitor, ports);
  const entries = [...tree.paths()].flatMap((one): UnpackedEntry[] => {
    const facts = tree.stat(one)!;
    const mtime = mtimes.get(one) ?? null;
    // What every kernel has made before it unpacks is none of the image's.
    if (mtime === null && THERE_ANYWAY.has(one)) return [];
    const data = tree.dataOf(one);
    const digest = data === null ? null : (digests.get(keyOf(data)) ?? null);
    return [
      { path: one, facts, to: facts.kind === "symlink" ? tree.readLink(one) : null, digest, mtime, data },
    ];
  });
  return { contents, entries };
}

const THERE_ANYWAY: ReadonlySet<TargetPath> = new Set([ROOT, ...THERE_BEFORE.map(({ path }) => path)]);

/** Gives the content of some of its files, each whole, in the order in which they stand in the image. Throws what `readFiles` throws. */
export async function readContents(
  path: HostPath,
  entries: readonly UnpackedEntry[],
  take: (path: TargetPath, content: Uint8Array) => void,
  ports: InspectPorts,
): Promise<void> {
  const inOrder = [...entries].sort((a, b) => byPlace(a.data, b.data));
  const asked = inOrder.map((entry) => `/${entry.path}` as ByteString);
  let pieces: Uint8Array[] = [];
  let at: TargetPath | null = null;
  const reader: FileReader = {
    begin: (file) => {
      at = file.path;
      pieces = [];
    },
    data: (piece) => pieces.push(Uint8Array.from(piece)),
    end: () => take(at!, Buffer.concat(pieces)),
  };
  await readFiles(path, asked, reader, ports);
}

function byPlace(a: RecordPlace | null, b: RecordPlace | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return a.member - b.member || a.offset - b.offset;
}

function keyOf({ member, offset }: RecordPlace): string {
  return `${member} ${offset}`;
}
