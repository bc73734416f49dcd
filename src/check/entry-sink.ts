/** The entries of a compressed member, as the kernel's reader takes what its decompressor gives. */
import type { CpioDecoder } from "../formats/cpio-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import { type CompressedKind, describeStranger } from "../formats/member.ts";
import type { UnpackingFinding } from "./findings/unpacking.ts";

export class EntrySink {
  readonly #decoder: CpioDecoder;
  readonly #member: { readonly kind: CompressedKind; readonly offset: number };
  /** What the kernel refuses: it ends the member, whatever the decompressor would say. Null: nothing. */
  refused: UnpackingFinding | null = null;

  constructor(decoder: CpioDecoder, member: { readonly kind: CompressedKind; readonly offset: number }) {
    this.#decoder = decoder;
    this.#member = member;
  }

  push(piece: Uint8Array): void {
    if (this.refused !== null) return;
    try {
      const taken = this.#decoder.push(piece);
      if (taken === piece.length) return;
      const what = describeStranger(piece.subarray(taken, taken + 4));
      this.refused = { code: "check/junk-inside", ...this.#member, at: this.#decoder.offset, what };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const place = { ...this.#member, at: error.offset };
      this.refused =
        error.code === "broken-padding"
          ? { code: "check/broken-padding", ...place }
          : { code: "check/bad-entry", ...place, why: error.message };
    }
  }
}
