/**
 * The kernel's unpacker played over an image's bytes: it goes on where the kernel goes on, stops where it stops, and says
 * why. What came before has been given to the visitor then, as it is in the kernel's tree.
 * Source: linux init/initramfs.c, unpack_to_rootfs(), flush_buffer(); tried on kernels 5.10 to 7.2.
 */
import { type ByteSource, skipZeros } from "../formats/byte-source.ts";
import { CpioDecoder, type CpioEntry, type CpioVisitor, type SkipReason } from "../formats/cpio-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import { type CompressedKind, describeStranger, memberKindOf, strangerOf } from "../formats/member.ts";
import type { Member } from "../inspect/read-image.ts";
import type { InspectPorts } from "../inspect/unpack-member.ts";
import { Budget, TooMuch } from "./budget.ts";
import { MemberDecoder } from "./decode-member.ts";
import { decodePlain } from "./decode-plain.ts";
import { EntrySink } from "./entry-sink.ts";
import { findArchive } from "./find-archive.ts";
import type { Finding } from "./finding.ts";
import { findingOf, isStop } from "./trouble.ts";

export interface PlayVisitor {
  /** `member` counts from 0. */
  entry(entry: CpioEntry, member: number): void;
  /** A piece of the data of the file last given to `entry`. Without it data may not be read. */
  data?(piece: Uint8Array): void;
  trailer?(): void;
  /** An entry that the kernel passes over without a word. */
  skipped?(offset: number, reason: SkipReason, member: number): void;
}

/** What else is good to know of a member. */
export interface PlayedMember extends Member {
  readonly entries: number;
  /** Where its trailers stand, in its unpacked bytes; of a plain one in the file. */
  readonly trailers: readonly number[];
  /** Where its last entry stands that is no trailer; -1: there is none. */
  readonly lastEntry: number;
  /** Bytes that its decoder has to keep; 0: unknown. */
  readonly window: number;
}

export interface PlayedImage {
  readonly members: readonly PlayedMember[];
  /** Zeros behind the last member. */
  readonly trailingZeros: number;
  /** Where the kernel stopped, in the file; null: it went to the end. */
  readonly stoppedAt: number | null;
  readonly findings: readonly Finding[];
}

export interface PlayOrder {
  /** Bytes of the file before the source. */
  readonly base: number;
  readonly visitor: PlayVisitor;
}

/** Throws MissingDecompressor. */
export async function playImage(
  source: ByteSource,
  order: PlayOrder,
  ports: InspectPorts,
): Promise<PlayedImage> {
  return new Unpacker(source, order, ports).play();
}

/** The kernel has stopped, and all is said. */
class Stopped extends Error {}

class Unpacker {
  readonly #source: ByteSource;
  readonly #base: number;
  readonly #visitor: PlayVisitor;
  readonly #decoder: MemberDecoder;
  readonly #budget = new Budget();
  readonly #members: PlayedMember[] = [];
  readonly #findings: Finding[] = [];
  /** Of the member being read. */
  #entries = 0;
  #trailers: number[] = [];
  #lastEntry = -1;
  #hasSums = false;
  #lastName: CpioEntry["name"] | null = null;

  constructor(source: ByteSource, { base, visitor }: PlayOrder, ports: InspectPorts) {
    this.#source = source;
    this.#base = base;
    this.#visitor = visitor;
    this.#decoder = new MemberDecoder(source, ports);
  }

  async play(): Promise<PlayedImage> {
    const { size } = this.#source;
    let at = skipZeros(this.#source, 0);
    let end = 0;
    let stoppedAt: number | null = null;
    if (at === size) this.#findings.push({ code: "check/nothing-there" });
    try {
      for (; at < size; at = skipZeros(this.#source, at)) {
        at = await this.#readMember(at);
        end = at;
      }
    } catch (error) {
      if (error instanceof TooMuch) {
        this.#findings.push({ code: "check/too-large", offset: this.#base + at, limit: error.limit });
      } else if (!(error instanceof Stopped)) throw error;
      stoppedAt = this.#base + at;
    }
    const trailingZeros = stoppedAt === null ? size - end : 0;
    return { members: this.#members, trailingZeros, stoppedAt, findings: this.#findings };
  }

  /** Gives where it ends. Throws Stopped. */
  async #readMember(at: number): Promise<number> {
    const head = Uint8Array.from(this.#source.read(at, 4));
    if (head[0] === 0x30 && at % 4 === 0) return this.#readPlain(at);
    const kind = memberKindOf(head);
    if (kind !== null) return this.#readCompressed(kind, at);
    const offset = this.#base + at;
    if (head[0] === 0x30) this.#stop({ code: "check/misaligned-archive", offset });
    const stranger = strangerOf(head);
    if (stranger !== null) this.#stop({ code: "check/unknown-format", offset, what: stranger });
    const lostFrom = findArchive(this.#source, at + 1);
    const what = describeStranger(head);
    if (lostFrom === null) this.#stop({ code: "check/junk-at-end", offset, what });
    this.#stop({ code: "check/unknown-data", offset, what, lostFrom: this.#base + lostFrom });
  }

  /** A run of plain archives; each that ends with a trailer is a member of its own. */
  #readPlain(start: number): number {
    let memberStart = start;
    let hasEnded = false;
    const close = (end: number): void => {
      const size = end - memberStart;
      this.#add({ kind: "plain", offset: memberStart, size, unpackedSize: size, isEndKnown: true }, 0);
    };
    const begin = (offset: number): void => {
      if (!hasEnded) return;
      close(offset);
      memberStart = offset;
      hasEnded = false;
    };
    const visitor = this.#visitorFor(this.#base, begin, () => {
      hasEnded = true;
    });
    const decoder = new CpioDecoder(visitor, start);
    const place = () => ({ kind: "plain", offset: this.#base + memberStart }) as const;
    try {
      const looksAt = this.#visitor.data === undefined ? "headers" : "data";
      decodePlain(this.#source, { decoder, end: this.#source.size, looksAt });
    } catch (error) {
      const path = this.#lastName;
      close(decoder.offset);
      if (!(error instanceof FormatError)) throw error;
      const at = this.#base + error.offset;
      if (error.code === "truncated") {
        this.#stop({ code: "check/cut-short", offset: this.#base + this.#source.size, path });
      }
      if (error.code === "broken-padding") this.#stop({ code: "check/broken-padding", ...place(), at });
      this.#stop({ code: "check/bad-entry", ...place(), at, why: error.message });
    }
    const at = decoder.offset;
    const placed = { ...place(), at: this.#base + at };
    close(at);
    if (at < this.#source.size && at % 4 !== 0) this.#stop({ code: "check/broken-padding", ...placed });
    return at;
  }

  async #readCompressed(kind: CompressedKind, at: number): Promise<number> {
    const offset = this.#base + at;
    const decoder = new CpioDecoder(
      this.#visitorFor(
        0,
        () => {},
        () => {},
      ),
    );
    const entries = new EntrySink(decoder, { kind, offset });
    const sink = (piece: Uint8Array): void => {
      this.#budget.countBytes(piece.length);
      entries.push(piece);
    };
    const isFirst = this.#members.length === 0;
    const { end, isEndKnown, window, troubles } = await this.#decoder.decode(kind, at, sink);
    const size = end - at;
    this.#add({ kind, offset: at, size, unpackedSize: decoder.offset, isEndKnown }, window);
    if (entries.refused !== null) this.#stop(entries.refused);
    const place = { kind, offset, at: decoder.offset, base: this.#base };
    for (const trouble of troubles) this.#findings.push(findingOf(trouble, place));
    if (troubles.some(isStop)) throw new Stopped();
    if (!decoder.isBetweenEntries) {
      this.#stop({ code: "check/entry-across-members", kind, offset, at: decoder.offset });
    }
    if (isFirst && decoder.offset === 0) this.#stop({ code: "check/empty-first-member", kind, offset });
    return at + size;
  }

  /** `base`: what offsets are counted from, beside those that the decoder gives. */
  #visitorFor(base: number, begin: (offset: number) => void, end: () => void): CpioVisitor {
    const { data } = this.#visitor;
    return {
      entry: (entry) => {
        begin(entry.offset);
        this.#budget.countEntry(entry.name.length);
        this.#entries += 1;
        this.#lastEntry = entry.offset;
        this.#lastName = entry.name;
        this.#visitor.entry(entry, this.#members.length);
      },
      ...(data === undefined ? {} : { data: (piece) => data.call(this.#visitor, piece) }),
      trailer: (offset) => {
        begin(offset);
        end();
        this.#trailers.push(offset);
        this.#visitor.trailer?.();
      },
      summed: (offset) => {
        if (this.#hasSums) return;
        this.#hasSums = true;
        const what = { what: "crc-archive", since: "6.1" } as const;
        this.#findings.push({ code: "check/old-kernels", offset: base + offset, ...what });
      },
      skipped: (offset, _, reason) => {
        this.#budget.countEntry(0);
        this.#visitor.skipped?.(base + offset, reason, this.#members.length);
      },
    };
  }

  #add(member: Omit<Member, "refusal">, window: number): void {
    const facts = { refusal: null, entries: this.#entries, trailers: this.#trailers };
    this.#members.push({
      ...member,
      offset: this.#base + member.offset,
      ...facts,
      lastEntry: this.#lastEntry,
      window,
    });
    this.#entries = 0;
    this.#trailers = [];
    this.#lastEntry = -1;
    this.#lastName = null;
  }

  #stop(finding: Finding): never {
    this.#findings.push(finding);
    throw new Stopped();
  }
}
