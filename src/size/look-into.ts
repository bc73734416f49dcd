/** Looks into the files of an image while it is read: of a program its headers are wanted, which may stand at its end. */
import { startDigest } from "../core/digest.ts";
import { sourceOf } from "../formats/byte-source.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import type { ImageVisitor } from "../inspect/read-image.ts";
import { type ContentFacts, factsOf, NOTHING_KNOWN } from "./contents.ts";

/** A longer program is not looked into. */
const MOST_HELD = 64 * 2 ** 20;
/** Enough to tell what a file is. */
const HEAD = 64;
const ELF_MAGIC = "\x7fELF";

/** Tells of each entry, once its data has passed. */
export type TellEntry = (entry: CpioEntry, member: number, facts: ContentFacts) => void;

export function lookingVisitor(tell: TellEntry): ImageVisitor {
  let file: FileLook | null = null;
  return {
    entry(entry, member) {
      if (entry.size === 0 || !isFile(entry)) tell(entry, member, NOTHING_KNOWN);
      else file = new FileLook(entry, member);
    },
    data(piece) {
      if (file?.take(piece) !== "whole") return;
      tell(file.entry, file.member, file.facts());
      file = null;
    },
  };
}

function isFile({ mode }: CpioEntry): boolean {
  return (mode & 0o170000) === 0o100000;
}

/** A file that is passing by: its digest, its head, and all of it where it is a program. */
class FileLook {
  readonly entry: CpioEntry;
  readonly member: number;
  readonly #digest = startDigest();
  readonly #held: Uint8Array[] = [];
  #left: number;
  #kept = 0;

  constructor(entry: CpioEntry, member: number) {
    this.entry = entry;
    this.member = member;
    this.#left = entry.size;
  }

  take(piece: Uint8Array): "whole" | "part" {
    this.#digest.update(piece);
    this.#left -= piece.length;
    if (this.#kept < HEAD || (this.entry.size <= MOST_HELD && this.#isProgram())) {
      this.#held.push(Uint8Array.from(piece));
      this.#kept += piece.length;
    }
    return this.#left > 0 ? "part" : "whole";
  }

  facts(): ContentFacts {
    return factsOf(sourceOf(Buffer.concat(this.#held)), this.#digest.finish());
  }

  #isProgram(): boolean {
    return Buffer.concat(this.#held.slice(0, 4)).subarray(0, 4).toString("latin1") === ELF_MAGIC;
  }
}
