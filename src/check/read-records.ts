/** The data of single records of an image, each member that has some read once. */
import type { ByteSource } from "../formats/byte-source.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import { type Member, readMember } from "../inspect/read-image.ts";
import type { InspectPorts } from "../inspect/unpack-member.ts";
import type { RecordPlace } from "../inspect/unpacked-tree.ts";

export interface WantedRecord extends RecordPlace {
  readonly size: number;
}

/** Gives the bytes of records by their keys. */
export type ReadRecords = (records: readonly WantedRecord[]) => Promise<ReadonlyMap<string, Uint8Array>>;

export function recordKey({ member, offset }: RecordPlace): string {
  return `${member}:${offset}`;
}

/** From members that were read before. What is missing of a record that is cut short are zeros, as for the kernel. */
export function recordReader(
  source: ByteSource,
  members: readonly Member[],
  ports: InspectPorts,
): ReadRecords {
  return async (records) => {
    const found = new Map<string, Uint8Array>();
    for (const index of new Set(records.map(({ member }) => member))) {
      const wanted = records.filter(({ member }) => member === index);
      const inOrder = wanted.toSorted((a, b) => a.offset - b.offset);
      for (const record of inOrder) found.set(recordKey(record), new Uint8Array(record.size));
      await readSome(inOrder, found, async (visitor) => {
        const place = { member: members[index]!, from: inOrder[0]!.offset };
        await readMember(source, place, visitor, ports);
      });
    }
    return found;
  };
}

async function readSome(
  records: readonly WantedRecord[],
  found: ReadonlyMap<string, Uint8Array>,
  read: (visitor: RecordVisitor) => Promise<void>,
): Promise<void> {
  try {
    await read(new RecordVisitor(records, found));
  } catch (error) {
    // Damage was told when the image was played.
    if (!(error instanceof Enough || error instanceof FormatError)) throw error;
  }
}

class RecordVisitor {
  readonly #records: readonly WantedRecord[];
  readonly #found: ReadonlyMap<string, Uint8Array>;
  #next = 0;
  #into: Uint8Array = NOTHING;
  #filled = 0;

  constructor(records: readonly WantedRecord[], found: ReadonlyMap<string, Uint8Array>) {
    this.#records = records;
    this.#found = found;
  }

  entry({ offset }: CpioEntry): void {
    const record = this.#records[this.#next];
    if (record === undefined) throw new Enough();
    const isWanted = record.offset === offset;
    this.#into = isWanted ? this.#found.get(recordKey(record))! : NOTHING;
    this.#filled = 0;
    if (isWanted) this.#next += 1;
  }

  data(piece: Uint8Array): void {
    const room = this.#into.length - this.#filled;
    if (room === 0) return;
    this.#into.set(piece.length > room ? piece.subarray(0, room) : piece, this.#filled);
    this.#filled += Math.min(piece.length, room);
  }
}

const NOTHING = new Uint8Array(0);

/** Ends a reading that has given what it was for. */
class Enough extends Error {}
