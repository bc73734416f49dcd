/**
 * zstd members that follow one another, decoded ahead of who reads them: where one ends stands in its blocks, so the
 * next ones begin before this one is read, each in a thread of its own. What is decoded and not yet read is bounded.
 */
import { decompressZstd } from "../codecs/zstd.ts";
import { type ByteSource, skipZeros } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import { memberKindOf } from "../formats/member.ts";

/** Frames at a time, and bytes that they unpack to. */
const MOST_FRAMES = 4;
const MOST_BYTES = 64 * 2 ** 20;

export interface Frame {
  readonly position: number;
  readonly end: number;
  /** It unpacks to at most so many bytes. */
  readonly contentLimit: number;
}

/** Whether a frame is small enough to be decoded beside others. */
export function isSmall({ contentLimit }: Frame): boolean {
  return contentLimit <= MOST_BYTES;
}

export class FramesAhead {
  readonly #source: ByteSource;
  readonly #scan: (position: number) => Frame;
  /** Not yet taken, in the order in which they stand. */
  #begun: (Frame & { readonly content: Promise<Uint8Array> })[] = [];

  /** `scan` finds the extent of a zstd member and may throw FormatError. It is asked again and again for the same. */
  constructor(source: ByteSource, scan: (position: number) => Frame) {
    this.#source = source;
    this.#scan = scan;
  }

  /** The content of a frame. Throws FormatError bad-zstd. */
  async take(frame: Frame): Promise<Uint8Array> {
    if (this.#begun[0]?.position !== frame.position) this.#begun = [];
    for (let next = this.#begun.length > 0 ? this.#next() : frame; next !== null; next = this.#next()) {
      this.#begin(next);
    }
    const content = await this.#begun[0]!.content;
    this.#begun.shift();
    return content;
  }

  /** The frame behind the last one that was begun; null: there is none, or no room for it yet. */
  #next(): Frame | null {
    if (this.#begun.length === MOST_FRAMES) return null;
    const position = skipZeros(this.#source, this.#begun.at(-1)!.end);
    if (memberKindOf(this.#source.read(position, 4)) !== "zstd") return null;
    try {
      const frame = this.#scan(position);
      const bytes = this.#begun.reduce((sum, one) => sum + one.contentLimit, frame.contentLimit);
      return bytes <= MOST_BYTES ? frame : null;
    } catch (error) {
      if (error instanceof FormatError) return null; // It will be said when it is read.
      throw error;
    }
  }

  #begin(frame: Frame): void {
    const { position, end } = frame;
    // A copy: the source may reuse its memory before the thread is done with it.
    const content = decode(Uint8Array.from(this.#source.read(position, end - position)), position);
    content.catch(() => {}); // It is thrown where the frame is taken, if ever it is.
    this.#begun.push({ ...frame, content });
  }
}

/** Throws FormatError bad-zstd. */
export async function decode(frame: Uint8Array, position: number): Promise<Uint8Array> {
  try {
    return await decompressZstd(frame);
  } catch (error) {
    // The package throws plain errors for damaged data and has no other reason to throw.
    const why = error instanceof Error ? error.message : String(error);
    throw new FormatError("bad-zstd", position, `damaged zstd data: ${why}`);
  }
}
