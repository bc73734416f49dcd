/** The content of compressed members: by the embedded codecs, or by the machine's programs. */
import { inflateMember } from "../codecs/inflate.ts";
import { unpack } from "../codecs/unpack.ts";
import type { Host } from "../core/ports.ts";
import { type ByteSource, piecesOf } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { type CompressedKind, type MemberExtent, scanMember } from "../formats/member.ts";
import { decode, type Frame, FramesAhead, isSmall } from "./frames-ahead.ts";

/** What reading a compressed image needs of the machine. */
export interface InspectPorts {
  readonly host: Pick<Host, "tree" | "findProgram" | "filterProgram">;
}

/** The machine lacks the program for a kind. The caller, who knows the file, makes a problem of it. */
export class MissingDecompressor extends Error {
  override readonly name = "MissingDecompressor";
  readonly program: string;
  readonly kind: CompressedKind;
  constructor(program: string, kind: CompressedKind) {
    super(`${program} is needed for ${kind}`);
    this.program = program;
    this.kind = kind;
  }
}

const PROGRAMS: Readonly<Record<CompressedKind, readonly [program: string, ...args: string[]]>> = {
  gzip: ["gzip", "-dc"],
  bzip2: ["bzip2", "-dc"],
  lzma: ["xz", "--format=lzma", "-dc"],
  xz: ["xz", "--format=xz", "-dc"],
  lzop: ["lzop", "-dc"],
  lz4: ["lz4", "-dc"],
  zstd: ["zstd", "-dcq", "--long=31"],
};

/** The program that unpacks a kind from its standard input to its output, and its arguments. */
export function programOf(kind: CompressedKind): readonly [program: string, args: readonly string[]] {
  const [program, ...args] = PROGRAMS[kind];
  return [program, args];
}

/** What the embedded zstd, which knows no streams, may unpack in memory where the program is lacking. Bytes. */
const MOST_IN_MEMORY = 2 ** 30;
const PIECE = 256 * 1024;

export interface UnpackedMember {
  readonly end: number;
  /** Whether the end is known, or the rest of the source was given to a program that decides by itself. */
  readonly isEndKnown: boolean;
  /** What a program said that gave its output all the same; empty: nothing. */
  readonly complaint: string;
}

/** Unpacks the members of one source, best in the order in which they stand. */
export class MemberUnpacker {
  readonly #source: ByteSource;
  readonly #ports: InspectPorts;
  readonly #ahead: FramesAhead;
  /** Of members that were looked over and are not yet unpacked, by their position. */
  readonly #extents = new Map<number, MemberExtent>();

  constructor(source: ByteSource, ports: InspectPorts) {
    this.#source = source;
    this.#ports = ports;
    this.#ahead = new FramesAhead(source, (position) => frameOf(position, this.scan("zstd", position)));
  }

  /** Looks a member over without decoding it. Throws FormatError. */
  scan(kind: CompressedKind, position: number): MemberExtent {
    const known = this.#extents.get(position);
    if (known !== undefined) return known;
    const extent = scanMember(kind, this.#source, position);
    this.#extents.set(position, extent);
    return extent;
  }

  /** Unpacks the member at `position` into `sink`. Throws FormatError for damage, and MissingDecompressor. */
  async unpack(
    kind: CompressedKind,
    position: number,
    sink: (piece: Uint8Array) => void,
  ): Promise<UnpackedMember> {
    const extent = this.scan(kind, position);
    this.#extents.delete(position);
    const whole = { isEndKnown: true, complaint: "" };
    if (kind === "gzip") return { ...whole, end: await inflateMember(this.#source, position, sink) };
    if (kind === "zstd") {
      const frame = frameOf(position, extent);
      const content = await this.#inMemory(frame);
      if (content !== null) {
        sink(content);
        return { ...whole, end: frame.end };
      }
    }
    if (kind === "xz" && this.#ports.host.findProgram(PROGRAMS.xz[0]) === null) {
      return { ...whole, end: await this.#xzInMemory(position, extent.end!, sink) };
    }
    const complaint = await this.#filter(kind, { position, end: extent.end }, sink);
    return { end: extent.end ?? this.#source.size, isEndKnown: extent.end !== null, complaint };
  }

  /** Null: too large; the program will unpack it. */
  async #inMemory(frame: Frame): Promise<Uint8Array | null> {
    if (isSmall(frame)) return this.#ahead.take(frame);
    const hasProgram = this.#ports.host.findProgram(PROGRAMS.zstd[0]) !== null;
    if (hasProgram || frame.contentLimit > MOST_IN_MEMORY) return null;
    const { position, end } = frame;
    return decode(Uint8Array.from(this.#source.read(position, end - position)), position);
  }

  /** The embedded xz is slower, and knows no filters for machine code: the machine's own goes first. */
  async #xzInMemory(position: number, end: number, sink: (piece: Uint8Array) => void): Promise<number> {
    try {
      sink(await unpack(Uint8Array.from(this.#source.read(position, end - position)), "xz"));
    } catch (error) {
      const isTooMuch = error instanceof FormatError && error.code === "bad-packing";
      throw isTooMuch ? new MissingDecompressor(PROGRAMS.xz[0], "xz") : error;
    }
    return end;
  }

  /** Gives what the program has to complain of, though it gave something. */
  async #filter(
    kind: CompressedKind,
    { position, end }: { readonly position: number; readonly end: number | null },
    sink: (piece: Uint8Array) => void,
  ): Promise<string> {
    const { host } = this.#ports;
    const [name, ...args] = PROGRAMS[kind];
    const program = host.findProgram(name);
    if (program === null) throw new MissingDecompressor(name, kind);
    let isEmpty = true;
    const input = piecesOf(this.#source, position, end ?? this.#source.size, PIECE);
    const { exitCode, complaint } = await host.filterProgram({
      program,
      args,
      input,
      sink: (piece) => {
        isEmpty &&= piece.length === 0;
        sink(piece);
      },
    });
    if (exitCode === 0) return "";
    // Where the end is known there is nothing else to complain of.
    if (!isEmpty && end === null) return complaint;
    throw new FormatError(`bad-${kind}`, position, `damaged ${kind} data: ${complaint}`);
  }
}

/** A zstd member's end and limit are always known. */
function frameOf(position: number, { end, contentLimit }: MemberExtent): Frame {
  if (end === null || contentLimit === null) throw new TypeError("no extent of a zstd frame");
  return { position, end, contentLimit };
}
