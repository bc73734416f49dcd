/** One compressed member decoded as the kernel's own decompressors do it: as far as they get, with what they look for. */
import { salvageMember } from "../codecs/inflate.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { piecesOf } from "../formats/byte-source.ts";
import { findBzip2End } from "../formats/bzip2-end.ts";
import { FormatError } from "../formats/format-error.ts";
import type { CompressedKind } from "../formats/member.ts";
import { readXzStream } from "../formats/xz-header.ts";
import { readZstdHeader } from "../formats/zstd-frame.ts";
import {
  type InspectPorts,
  MemberUnpacker,
  MissingDecompressor,
  programOf,
} from "../inspect/unpack-member.ts";
import { walkLz4 } from "./lz4-blocks.ts";
import { findLzmaEnd } from "./lzma-end.ts";
import type { Trouble } from "./trouble.ts";

export interface DecodedMember {
  /** Where the kernel goes on, or stopped. */
  readonly end: number;
  readonly isEndKnown: boolean;
  /** Bytes that its decoder has to keep; 0: unknown. */
  readonly window: number;
  readonly troubles: readonly Trouble[];
}

type Sink = (piece: Uint8Array) => void;

const PIECE = 256 * 1024;
/** Bytes behind the deflate stream of a gzip member. */
const GZIP_SUMS = 8;

export class MemberDecoder {
  readonly #source: ByteSource;
  readonly #ports: InspectPorts;
  readonly #unpacker: MemberUnpacker;

  constructor(source: ByteSource, ports: InspectPorts) {
    this.#source = source;
    this.#ports = ports;
    this.#unpacker = new MemberUnpacker(source, ports);
  }

  /** Gives its content to `sink`. Throws MissingDecompressor, and what `sink` throws but FormatError. */
  async decode(kind: CompressedKind, at: number, sink: Sink): Promise<DecodedMember> {
    const { size } = this.#source;
    if (kind === "lz4") return this.#decodeLz4(at, sink);
    try {
      const extent = this.#unpacker.scan(kind, at);
      const { window, troubles } = this.#look(kind, at);
      if (extent.refusal !== null) {
        const refused = { trouble: "refused", why: extent.refusal } as const;
        return { end: extent.end ?? size, isEndKnown: extent.end !== null, window, troubles: [refused] };
      }
      const decoded = await this.#decodeWhole(kind, at, sink);
      return { ...decoded, window, troubles: [...troubles, ...decoded.troubles] };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      await this.#salvage(kind, { at, end: size }, sink);
      return damaged(size, error.message);
    }
  }

  /** What a member's headers say. */
  #look(kind: CompressedKind, at: number): Pick<DecodedMember, "window" | "troubles"> {
    if (kind === "zstd") return { window: readZstdHeader(this.#source, at).window, troubles: [] };
    if (kind !== "xz") return { window: 0, troubles: [] };
    const { filters, window } = readXzStream(this.#source, at);
    const isNew = filters.includes(ARM64_FILTER) || filters.includes(RISCV_FILTER);
    const old = { trouble: "old-kernels", what: "xz-new-filter", since: "6.12" } as const;
    return { window, troubles: isNew ? [old] : [] };
  }

  async #decodeWhole(kind: Exclude<CompressedKind, "lz4">, at: number, sink: Sink): Promise<DecodedMember> {
    switch (kind) {
      case "gzip":
        return this.#decodeGzip(at, sink);
      case "zstd":
        return this.#decodeZstd(at, sink);
      case "lzop":
        return this.#decodeLzop(at, sink);
      case "xz":
        return this.#decodeByProgram(kind, { at, end: readXzStream(this.#source, at).end }, sink);
      case "bzip2":
        return this.#decodeByProgram(kind, { at, end: findBzip2End(this.#source, at) }, sink);
      case "lzma":
        return this.#decodeLzma(at, sink);
    }
  }

  async #decodeGzip(at: number, sink: Sink): Promise<DecodedMember> {
    let behind = 0;
    try {
      const { end } = await this.#unpacker.unpack("gzip", at, (piece) => {
        behind += piece.length;
        sink(piece);
      });
      return whole(end);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      // The kernel passes over the sums.
      if (error.code === "bad-checksum") return unnoticed(error.offset + GZIP_SUMS, error.message);
      await salvageMember(this.#source, { position: at, behind }, sink);
      return damaged(this.#source.size, error.message);
    }
  }

  async #decodeZstd(at: number, sink: Sink): Promise<DecodedMember> {
    let isEmpty = true;
    const { end } = this.#unpacker.scan("zstd", at);
    try {
      await this.#unpacker.unpack("zstd", at, (piece) => {
        isEmpty &&= piece.length === 0;
        sink(piece);
      });
      const old = { trouble: "old-kernels", what: "empty-zstd-frame", since: "6.1" } as const;
      return { ...whole(end!), troubles: isEmpty ? [old] : [] };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      if (isEmpty) await this.#salvage("zstd", { at, end: end! }, sink);
      return damaged(end!, error.message);
    }
  }

  /** The kernel looks at no sum of lzop's; so the content comes without, and the sums are tried afterwards. */
  async #decodeLzop(at: number, sink: Sink): Promise<DecodedMember> {
    const end = this.#unpacker.scan("lzop", at).end!;
    const complaint = await this.#run("lzop", { at, end }, sink, ["--no-checksum"]);
    if (complaint !== null) return damaged(end, complaint);
    const ofSums = await this.#run("lzop", { at, end }, () => {}, []);
    return ofSums === null ? whole(end) : unnoticed(end, ofSums);
  }

  async #decodeLz4(at: number, sink: Sink): Promise<DecodedMember> {
    const { end, suspect, why } = walkLz4(this.#source, at);
    // What looks like another member may be a block: only if it is none has the kernel met what it takes for one.
    const complaint = await this.#run("lz4", { at, end }, sink, []);
    if (why === null && complaint === null) return whole(end);
    if (suspect === null) return damaged(end, why ?? complaint ?? "");
    return { ...damaged(suspect.offset, ""), troubles: [{ trouble: "lz4-followed", ...suspect }] };
  }

  /** Only its decoder can tell where an lzma member ends, and that of xz complains of what stands behind. */
  async #decodeLzma(at: number, sink: Sink): Promise<DecodedMember> {
    const { size } = this.#source;
    const complaint = await this.#run("lzma", { at, end: size }, sink, []);
    if (complaint === null) return whole(size);
    if (LZMA_TOO_FEW.test(complaint)) return damaged(size, complaint);
    const end = await findLzmaEnd({ start: at, end: size }, async (place) => {
      const said = await this.#run("lzma", { at, end: place }, () => {}, []);
      return said === null ? "whole" : LZMA_TOO_FEW.test(said) ? "too-few" : "too-many";
    });
    if (end !== null) return whole(end);
    return { ...whole(size), isEndKnown: false, troubles: [{ trouble: "unknown-end" }] };
  }

  async #decodeByProgram(kind: CompressedKind, place: Extent, sink: Sink): Promise<DecodedMember> {
    const complaint = await this.#run(kind, place, sink, []);
    return complaint === null ? whole(place.end) : damaged(place.end, complaint);
  }

  /** Gives what can be had of damaged bytes. */
  async #salvage(kind: CompressedKind, place: Extent, sink: Sink): Promise<void> {
    try {
      await this.#run(kind, place, sink, []);
    } catch (error) {
      if (!(error instanceof MissingDecompressor)) throw error; // then there is just less of it
    }
  }

  /** Gives what the program complained of; null: it was content. */
  async #run(
    kind: CompressedKind,
    { at, end }: Extent,
    sink: Sink,
    more: readonly string[],
  ): Promise<string | null> {
    const { host } = this.#ports;
    const [name, args] = programOf(kind);
    const program = host.findProgram(name);
    if (program === null) throw new MissingDecompressor(name, kind);
    const input = piecesOf(this.#source, at, end, PIECE);
    const { exitCode, complaint } = await host.filterProgram({
      program,
      args: [...args, ...more],
      input,
      sink,
    });
    return exitCode === 0 ? null : complaint;
  }
}

/** As xz(1) says it, its messages being in English. */
const LZMA_TOO_FEW = /Unexpected end of input/;

interface Extent {
  readonly at: number;
  readonly end: number;
}

const ARM64_FILTER = 0x0a;
const RISCV_FILTER = 0x0b;

function whole(end: number): DecodedMember {
  return { end, isEndKnown: true, window: 0, troubles: [] };
}

function damaged(end: number, why: string): DecodedMember {
  return { end, isEndKnown: true, window: 0, troubles: [{ trouble: "damaged", why }] };
}

function unnoticed(end: number, why: string): DecodedMember {
  return { end, isEndKnown: true, window: 0, troubles: [{ trouble: "unnoticed", why }] };
}
