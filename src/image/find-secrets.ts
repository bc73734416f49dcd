/**
 * The secrets of an image that is there, and the place where others would stand. Nothing but the image is needed: its
 * last member holds just them and the trailer, and their inode numbers tell them from all else.
 */
import type { TargetPath } from "../core/path.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { CPIO_HEADER_SIZE, padded } from "../formats/cpio.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { lastStreamIn } from "../formats/last-stream.ts";
import { countSecretEntries } from "../formats/secret-inodes.ts";
import { kindOfMode, placeOf } from "../inspect/list-image.ts";
import { type ImageContents, type Member, type MemberKind, readImage } from "../inspect/read-image.ts";
import type { InspectPorts } from "../inspect/unpack-member.ts";
import { UnpackedTree } from "../inspect/unpacked-tree.ts";
import { type Payload, partOf, payloadOf } from "../inspect/wrapper.ts";

export interface FoundSecrets {
  readonly contents: ImageContents;
  readonly payload: Payload;
  /** All before it stays. Bytes from the beginning of the payload. */
  readonly at: number;
  /** Of the member that stands there, or would. */
  readonly kind: MemberKind;
  readonly secrets: readonly OldSecret[];
  /** What the image brings without them. */
  readonly tree: UnpackedTree;
  /** The time of the image's last entry: a build gives all the same. Seconds since 1970. */
  readonly epoch: number;
}

export interface OldSecret {
  readonly path: TargetPath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly bytes: Uint8Array;
}

interface Recorded {
  readonly entry: CpioEntry;
  readonly member: number;
}

/** Throws FormatError, and MissingDecompressor. */
export async function findSecrets(source: ByteSource, ports: InspectPorts): Promise<FoundSecrets> {
  /** Null: a trailer. */
  const records: (Recorded | null)[] = [];
  const contents = await readImage(
    source,
    {
      entry: (entry, member) => records.push({ entry, member }),
      trailer: () => records.push(null),
    },
    ports,
  );
  const payload = payloadOf(source);
  const image = partOf(source, payload.offset, payload.size);
  const entries = records.filter((record) => record !== null);
  const last = contents.members.at(-1);
  const kind = last?.kind ?? "plain";
  const at =
    last === undefined ? 0 : startOfLast(last, entries, contents.members.length - 1, image, payload.offset);
  const tail = await readTail(partOf(image, at, image.size - at), ports);
  const count = tail.isSecrets ? tail.entries : 0;
  const found = {
    contents,
    payload,
    kind,
    tree: treeOf(records, count),
    epoch: entries.at(-1)?.entry.mtime ?? 1,
  };
  if (tail.isSecrets) return { ...found, at, secrets: tail.secrets };
  // All there is of the image stays, and they come behind it.
  if (kind === "plain") return { ...found, at, secrets: [] };
  const end = last === undefined || !last.isEndKnown ? image.size : last.offset + last.size - payload.offset;
  return { ...found, at: end, secrets: [] };
}

/** Where what may be the secrets begins: of a compressed member's last stream, or of the last entries and the trailer. */
function startOfLast(
  { kind, offset }: Member,
  entries: readonly Recorded[],
  number: number,
  image: ByteSource,
  base: number,
): number {
  if (kind !== "plain") return lastStreamIn(kind, image, offset - base);
  const own = entries.filter(({ member }) => member === number).map(({ entry }) => entry);
  const count = countSecretEntries(own);
  const first = own.at(-count);
  if (count > 0) return first!.offset;
  const last = own.at(-1);
  return last === undefined ? offset - base : endOf(last);
}

function endOf({ offset, nameSize, size }: CpioEntry): number {
  return offset + padded(CPIO_HEADER_SIZE + nameSize) + padded(size);
}

/** The last piece by itself: it is the secrets if it holds nothing else, and ends with a trailer. */
async function readTail(
  tail: ByteSource,
  ports: InspectPorts,
): Promise<{
  readonly isSecrets: boolean;
  readonly entries: number;
  readonly secrets: readonly OldSecret[];
}> {
  const entries: CpioEntry[] = [];
  const data: Buffer[][] = [];
  let trailers = 0;
  let isSecrets = true;
  await readImage(
    tail,
    {
      entry: (entry) => {
        entries.push(entry);
        data.push([]);
        // What is none is not kept, however much there is of it.
        isSecrets &&= countSecretEntries(entries) === entries.length && trailers === 0;
      },
      data: (piece) => {
        if (isSecrets) data.at(-1)!.push(Buffer.from(piece));
      },
      trailer: () => {
        trailers += 1;
      },
    },
    ports,
  );
  const secrets = entries.flatMap((entry, at) =>
    kindOfMode(entry.mode) === "file" ? [oldSecret(entry, Buffer.concat(data[at]!))] : [],
  );
  return { isSecrets: isSecrets && trailers === 1, entries: entries.length, secrets };
}

function oldSecret(entry: CpioEntry, bytes: Uint8Array): OldSecret {
  const { mode, uid, gid } = entry;
  return { path: placeOf(entry), mode: mode & 0o7777, uid, gid, bytes };
}

/** Without the last `secrets` entries. */
function treeOf(records: readonly (Recorded | null)[], secrets: number): UnpackedTree {
  const tree = new UnpackedTree([]);
  let left = records.filter((record) => record !== null).length - secrets;
  for (const record of records) {
    if (record === null) tree.endArchive();
    else if (left-- > 0) tree.add(record.entry, record.member);
  }
  return tree;
}
