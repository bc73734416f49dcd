/** The machine that an image is for: that of its first program. */
import { archOf, type ElfMachine } from "../core/arch.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { readElfMachine } from "../formats/elf.ts";
import { placeOf } from "./list-image.ts";
import type { ImageVisitor } from "./read-image.ts";

const ELF_HEAD = 64;
/** Programs for other processors of the same board. */
const FIRMWARE = /^(usr\/)?lib\/firmware\//;

export class MachineFinder implements ImageVisitor {
  /** Null: no program of a machine that has a name was seen. */
  machine: ElfMachine | null = null;
  readonly #head = new Uint8Array(ELF_HEAD);
  /** Bytes of the head of the file being read; all of them where nothing is to be looked at. */
  #filled = ELF_HEAD;

  entry(entry: CpioEntry): void {
    const isOfInterest = this.machine === null && !FIRMWARE.test(placeOf(entry));
    this.#filled = isOfInterest ? 0 : ELF_HEAD;
  }

  data(piece: Uint8Array): void {
    if (this.#filled === ELF_HEAD) return;
    const head = piece.subarray(0, ELF_HEAD - this.#filled);
    this.#head.set(head, this.#filled);
    this.#filled += head.length;
    if (this.#filled < ELF_HEAD) return;
    const machine = readElfMachine(this.#head);
    if (machine !== null && archOf(machine) !== null) this.machine = machine;
  }
}
