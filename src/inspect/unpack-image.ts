/**
 * A whole image as the kernel unpacks it: first the tree that its entries make, then the data of the files in it, in the
 * order in which it stands, so that none is ever held.
 */
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { chooseMembers, type ImagePart } from "./image-part.ts";
import { withImageFile } from "./list-image.ts";
import { type ImageContents, type Member, readImage, readMember } from "./read-image.ts";
import type { TreeItem } from "./tree-items.ts";
import type { InspectPorts } from "./unpack-member.ts";
import { UnpackedTree } from "./unpacked-tree.ts";

export interface UnpackedImage {
  readonly contents: ImageContents;
  readonly tree: UnpackedTree;
  /** Gives the data of all files of a list that have any; of further names of a file nothing. Throws host/file-changed. */
  readData(items: readonly TreeItem[], reader: DataReader): Promise<void>;
}

export interface DataReader {
  /** One after another, as their data stands in the image. */
  begin(item: TreeItem): void;
  /** A piece of the file last begun; valid during the call. */
  data(piece: Uint8Array): void;
  end(): void;
  /** Between two files, now and then: signals are heard there. */
  pause(): Promise<void>;
}

/** `part`: the entries of the others do not count. Throws what `listImage` throws, and image/no-such-part. */
export async function withUnpackedImage<T>(
  image: HostPath,
  part: ImagePart,
  use: (unpacked: UnpackedImage) => Promise<T>,
  ports: InspectPorts,
): Promise<T> {
  return withImageFile(image, ports, async (source) => {
    const isChosen = await chooseMembers({ path: image, source }, part, ports);
    const tree = new UnpackedTree();
    const visitor = {
      entry: (entry: CpioEntry, member: number) => {
        if (isChosen(member)) tree.add(entry, member);
      },
      trailer: () => tree.endArchive(),
    };
    const contents = await readImage(source, visitor, ports);
    const readData = (items: readonly TreeItem[], reader: DataReader): Promise<void> =>
      new DataReading({ image, source, contents, ports }, reader).read(items);
    return use({ contents, tree, readData });
  });
}

/** Bytes of data after which a plain member is left for a moment. */
const BYTES_TO_PAUSE = 32 * 2 ** 20;

interface Opened {
  readonly image: HostPath;
  readonly source: ByteSource;
  readonly contents: ImageContents;
  readonly ports: InspectPorts;
}

class DataReading {
  readonly #opened: Opened;
  readonly #reader: DataReader;

  constructor(opened: Opened, reader: DataReader) {
    this.#opened = opened;
    this.#reader = reader;
  }

  async read(items: readonly TreeItem[]): Promise<void> {
    const { contents, image } = this.#opened;
    for (const [number, wanted] of wantedOf(items, contents.members.length).entries()) {
      const member = contents.members[number]!;
      while (wanted.size > 0) {
        const before = wanted.size;
        await this.#readSome(member, wanted);
        if (wanted.size === before) throw new BuildFailure([{ code: "host/file-changed", path: image }]);
        await this.#reader.pause();
      }
    }
  }

  /** Takes from `wanted` what was given: all of a compressed member's, of a plain one as much as may come without a pause. */
  async #readSome(member: Member, wanted: Map<number, TreeItem>): Promise<void> {
    const { source, ports } = this.#opened;
    const reader = this.#reader;
    const from = wanted.keys().next().value!;
    let left = 0;
    let given = 0;
    const visitor = {
      entry: (entry: CpioEntry) => {
        const item = wanted.get(entry.offset);
        // The file may have been written over since it was looked over.
        if (item === undefined || entry.size !== item.node.size) return;
        wanted.delete(entry.offset);
        left = entry.size;
        reader.begin(item);
      },
      data: (piece: Uint8Array) => {
        if (left === 0) return;
        reader.data(piece);
        left -= piece.length;
        given += piece.length;
        if (left > 0) return;
        reader.end();
        if (wanted.size === 0 || (member.kind === "plain" && given > BYTES_TO_PAUSE)) throw new Enough();
      },
    };
    try {
      await readMember(source, { member, from }, visitor, ports);
    } catch (error) {
      if (!(error instanceof Enough)) throw error;
    }
  }
}

/** Ends a reading that has given what it was for. */
class Enough extends Error {}

/** Of each member its files by where their records begin, in that order. */
function wantedOf(items: readonly TreeItem[], members: number): Map<number, TreeItem>[] {
  const files: [offset: number, item: TreeItem][][] = Array.from({ length: members }, () => []);
  for (const item of items) {
    const { data } = item.node;
    if (data !== null && item.linkTo === null) files[data.member]!.push([data.offset, item]);
  }
  return files.map((one) => new Map(one.sort(([a], [b]) => a - b)));
}
