/**
 * The blocks of an lz4 -l member as the kernel takes them: whatever follows the last one is a block's length to it, unless
 * four zeros come first. Source: linux lib/decompress_unlz4.c.
 */
import type { ByteSource } from "../formats/byte-source.ts";
import { viewOf } from "../formats/bytes.ts";
import { LZ4_LEGACY_MAGIC, MOST_LZ4_BLOCK } from "../formats/lz4-header.ts";
import { memberKindOf } from "../formats/member.ts";
import type { MemberKind } from "../inspect/read-image.ts";

export interface Lz4Blocks {
  /** Behind the last block that may be one. */
  readonly end: number;
  /** What begins as another member, in the place of a block; null: nothing does. */
  readonly suspect: Lz4Suspect | null;
  /** Why no block can stand at the end; null: the member ends there. */
  readonly why: string | null;
}

export interface Lz4Suspect {
  readonly offset: number;
  /** Before it: fewer than the kernel needs to see an end. */
  readonly zeros: number;
  readonly next: MemberKind;
}

export function walkLz4(source: ByteSource, position: number): Lz4Blocks {
  let suspect: Lz4Suspect | null = null;
  for (let at = position; ; ) {
    const head = Uint8Array.from(source.read(at, 8));
    const word = head.length < 4 ? 0 : viewOf(head).getUint32(0, true);
    if (word === 0) return { end: at, suspect, why: null };
    if (word === LZ4_LEGACY_MAGIC) {
      at += 4;
      continue;
    }
    suspect ??= suspectAt(head, at);
    if (word > MOST_LZ4_BLOCK)
      return { end: at, suspect, why: `a block of ${word} bytes is too large for lz4 -l` };
    if (at + 4 + word > source.size) return { end: at, suspect, why: "an lz4 block is cut short" };
    at += 4 + word;
  }
}

/** A length may look like a member's beginning: it is one only if the block proves to be none. */
function suspectAt(head: Uint8Array, offset: number): Lz4Suspect | null {
  const zeros = head.findIndex((byte) => byte !== 0);
  const rest = head.subarray(zeros);
  const isPlain = Buffer.from(rest.subarray(0, 4)).toString("latin1") === "0707";
  const next = isPlain ? "plain" : memberKindOf(rest);
  return next === null ? null : { offset, zeros, next };
}
