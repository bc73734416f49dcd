/**
 * Reading any initrd by the kernel's own grammar, `("\0" | cpio_archive | cpio_compressed_archive)*`, with
 * a boot loader's wrapper around it or without. Source: linux init/initramfs.c, unpack_to_rootfs().
 */
import { type ByteSource, skipZeros } from "../formats/byte-source.ts";
import { CpioDecoder, type CpioEntry, type CpioVisitor } from "../formats/cpio-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import { type CompressedKind, describeStranger, memberKindOf } from "../formats/member.ts";
import { EntryLimit } from "./entry-limit.ts";
import { type InspectPorts, MemberUnpacker } from "./unpack-member.ts";
import { partOf, payloadOf, verifyPayload, type Wrapper } from "./wrapper.ts";

const PIECE = 2 ** 20;
/** Of a plain archive whose data nobody looks at: read around a header, before the rest is jumped over. */
const AROUND_HEADER = 4096;

export type MemberKind = "plain" | CompressedKind;

/** One of the archives that an image is a chain of. */
export interface Member {
  readonly kind: MemberKind;
  /** Where it begins and how many bytes it takes, in the file. */
  readonly offset: number;
  readonly size: number;
  readonly unpackedSize: number;
  /** False: only its decompressor knows the end, and was given all the rest of the file. */
  readonly isEndKnown: boolean;
  /** Why the kernel refuses it; null: nothing is known against it. */
  readonly refusal: string | null;
}

export interface ImageContents {
  readonly wrapper: Wrapper | null;
  readonly members: readonly Member[];
  /** What is odd and was read all the same, one sentence each. */
  readonly remarks: readonly string[];
}

export interface ImageVisitor {
  /** `member` counts from 0. */
  entry(entry: CpioEntry, member: number): void;
  /** A piece of the data of the file last given to `entry`; valid during the call. Without it data may not be read. */
  data?(piece: Uint8Array): void;
  trailer?(): void;
}

/** Reads a whole image. Throws FormatError, its offset in the file, for what the kernel could not read. */
export async function readImage(
  source: ByteSource,
  visitor: ImageVisitor,
  ports: InspectPorts,
): Promise<ImageContents> {
  const payload = payloadOf(source);
  const { wrapper, offset, size } = payload;
  const odd = verifyPayload(source, payload);
  const image = partOf(source, offset, size);
  const { members, remarks } = await new ImageWalk(image, offset, visitor, ports).walk();
  return { wrapper, members, remarks: [...odd, ...remarks] };
}

/**
 * Reads one member of an image that was read before, at least from its entry at `from` on: entries come with the
 * offsets that they had, as those of member 0.
 */
export async function readMember(
  source: ByteSource,
  { member, from }: { readonly member: Member; readonly from: number },
  visitor: ImageVisitor,
  ports: InspectPorts,
): Promise<void> {
  const { offset: base } = payloadOf(source);
  const start = member.offset - base;
  const image = partOf(source, base, start + member.size);
  await new ImageWalk(image, base, visitor, ports).walk(member.kind === "plain" ? from : start);
}

const PLAIN = { kind: "plain", isEndKnown: true, refusal: null } as const;

class ImageWalk {
  readonly #source: ByteSource;
  /** Bytes of the file before the source. */
  readonly #base: number;
  readonly #visitor: ImageVisitor;
  readonly #unpacker: MemberUnpacker;
  readonly #members: Member[] = [];
  readonly #remarks: string[] = [];
  readonly #limit = new EntryLimit();

  constructor(source: ByteSource, base: number, visitor: ImageVisitor, ports: InspectPorts) {
    this.#source = source;
    this.#base = base;
    this.#visitor = visitor;
    this.#unpacker = new MemberUnpacker(source, ports);
  }

  async walk(from = 0): Promise<Omit<ImageContents, "wrapper">> {
    const source = this.#source;
    for (let at = skipZeros(source, from); at < source.size; at = skipZeros(source, at)) {
      const head = Uint8Array.from(source.read(at, 4));
      const kind = memberKindOf(head);
      if (head[0] === 0x30 && at % 4 === 0) at = this.#readPlain(at);
      else if (kind !== null) at = await this.#readCompressed(kind, at);
      else if (head[0] === 0x30)
        this.#fail("broken-padding", at, "a plain archive must begin at a multiple of 4");
      else this.#fail("unknown-magic", at, describeStranger(head));
    }
    return { members: this.#members, remarks: this.#remarks };
  }

  /** A run of plain archives; each that ends with a trailer is a member of its own. */
  #readPlain(start: number): number {
    let memberStart = start;
    let hasEnded = false;
    const close = (end: number): void => {
      const size = end - memberStart;
      this.#add({ ...PLAIN, offset: memberStart, size, unpackedSize: size });
    };
    const decoder = new CpioDecoder(
      this.#visitorFor(
        (offset) => {
          if (hasEnded) close(offset);
          if (hasEnded) memberStart = offset;
          hasEnded = false;
        },
        () => {
          hasEnded = true;
        },
      ),
      start,
    );
    try {
      this.#decodePlain(decoder);
    } catch (error) {
      throw this.#located(error, 0, "");
    }
    if (decoder.offset < this.#source.size && decoder.offset % 4 !== 0) {
      this.#fail(
        "broken-padding",
        decoder.offset,
        "what follows a plain archive must begin at a multiple of 4",
      );
    }
    close(decoder.offset);
    return decoder.offset;
  }

  /** To the end of the source, or to what is no part of an archive. */
  #decodePlain(decoder: CpioDecoder): void {
    const { size } = this.#source;
    const most = this.#visitor.data === undefined ? AROUND_HEADER : PIECE;
    while (decoder.offset < size) {
      const piece = this.#source.read(decoder.offset, most);
      if (piece.length === 0) break; // The file has become shorter.
      if (decoder.push(piece) < piece.length) return;
      decoder.skip(Math.min(decoder.unseen, size - decoder.offset));
    }
    decoder.finish();
  }

  async #readCompressed(kind: CompressedKind, at: number): Promise<number> {
    const decoder = new CpioDecoder(
      this.#visitorFor(
        () => {},
        () => {},
      ),
    );
    const sink = (piece: Uint8Array): void => {
      if (decoder.push(piece) < piece.length) {
        throw new FormatError(
          "junk",
          decoder.offset,
          "something stands between two entries that is no archive",
        );
      }
    };
    try {
      const { refusal } = this.#unpacker.scan(kind, at);
      const member = await this.#unpacker.unpack(kind, at, inCpio(sink));
      if (!decoder.isBetweenEntries) {
        const why = member.complaint === "" ? "the archive ends inside an entry" : member.complaint;
        this.#fail("truncated", at, `${why} (after ${decoder.offset} bytes of the unpacked ${kind} member)`);
      }
      if (member.complaint !== "") this.#remarks.push(`the end of the ${kind} member: ${member.complaint}`);
      const size = member.end - at;
      const { isEndKnown } = member;
      this.#add({ kind, offset: at, size, unpackedSize: decoder.offset, isEndKnown, refusal });
      return member.end;
    } catch (error) {
      throw this.#located(error, at, kind);
    }
  }

  #visitorFor(begin: (offset: number) => void, end: () => void): CpioVisitor {
    const { data } = this.#visitor;
    return {
      entry: (entry) => {
        begin(entry.offset);
        this.#limit.count(entry.offset, entry.name.length + (entry.to?.length ?? 0));
        this.#visitor.entry(entry, this.#members.length);
      },
      ...(data === undefined ? {} : { data: (piece) => data.call(this.#visitor, piece) }),
      trailer: (offset) => {
        begin(offset);
        this.#limit.count(offset, 0);
        end();
        this.#visitor.trailer?.();
      },
      skipped: (offset, why) => {
        this.#limit.count(offset, why.length);
        this.#remarks.push(
          `the kernel skips the entry at byte ${offset} of member ${this.#members.length}: ${why}`,
        );
      },
    };
  }

  #add(member: Member): void {
    this.#members.push({ ...member, offset: this.#base + member.offset });
  }

  #fail(code: string, offset: number, message: string): never {
    throw new FormatError(code, offset, message);
  }

  /** The same error, its offset counted in the file. What happened inside a member is told at its beginning. */
  #located(error: unknown, at: number, kind: string): unknown {
    if (!(error instanceof FormatError)) return error;
    if (!(error instanceof InsideMember))
      return new FormatError(error.code, this.#base + error.offset, error.message);
    const message = `${error.message} (at byte ${error.offset} of the unpacked ${kind} member)`;
    return new FormatError(error.code, this.#base + at, message);
  }
}

/** Trouble in the unpacked bytes, not in the compressed ones. */
class InsideMember extends FormatError {}

function inCpio(sink: (piece: Uint8Array) => void): (piece: Uint8Array) => void {
  return (piece) => {
    try {
      sink(piece);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new InsideMember(error.code, error.offset, error.message);
    }
  };
}
