/** The data of single records of an image, each member that has some decoded once more, as it was when it was played. */
import type { ByteSource } from "../formats/byte-source.ts";
import { CpioDecoder, type CpioEntry } from "../formats/cpio-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import type { Member } from "../inspect/read-image.ts";
import type { InspectPorts } from "../inspect/unpack-member.ts";
import type { RecordPlace } from "../inspect/unpacked-tree.ts";
import { MemberDecoder } from "./decode-member.ts";
import { decodePlain } from "./decode-plain.ts";

export interface WantedRecord extends RecordPlace {
  readonly size: number;
}

/** Gives the bytes of records by their keys. What is missing of one that is cut short are zeros, as for the kernel. */
export type ReadRecords = (records: readonly WantedRecord[]) => Promise<ReadonlyMap<string, Uint8Array>>;

export function recordKey({ member, offset }: RecordPlace): string {
  return `${member}:${offset}`;
}

/** An image without what is wrapped around it, and its members; `base`: bytes of the file before it. */
export interface PlayedSource {
  readonly source: ByteSource;
  readonly base: number;
  readonly members: readonly Member[];
}

export function recordReader({ source, base, members }: PlayedSource, ports: InspectPorts): ReadRecords {
  return async (records) => {
    const found = new Map(records.map((record) => [recordKey(record), new Uint8Array(record.size)]));
    for (const index of new Set(records.map(({ member }) => member))) {
      const wanted = records.filter(({ member }) => member === index).sort((a, b) => a.offset - b.offset);
      const { kind, offset, size } = members[index]!;
      const from = kind === "plain" ? wanted[0]!.offset : 0;
      const decoder = new CpioDecoder(new RecordVisitor(wanted, found), from);
      const at = offset - base;
      await untilEnough(async () => {
        if (kind === "plain") decodePlain(source, { decoder, end: at + size, looksAt: "data" });
        else await new MemberDecoder(source, ports).decode(kind, at, (piece) => pushSome(decoder, piece));
      });
    }
    return found;
  };
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

/** What the kernel refuses was told when the image was played. */
function pushSome(decoder: CpioDecoder, piece: Uint8Array): void {
  try {
    if (decoder.push(piece) < piece.length) throw new Enough();
  } catch (error) {
    throw error instanceof FormatError ? new Enough() : error;
  }
}

/** Ends a reading that has given what it was for. */
class Enough extends Error {}

async function untilEnough(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Enough || error instanceof FormatError)) throw error;
  }
}
