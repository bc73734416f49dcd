/** A unified kernel image around an initrd: what stands where in it. */
import { digestOf } from "../core/digest.ts";
import { BuildFailure } from "../core/problem.ts";
import { FormatError } from "../formats/format-error.ts";
import { encodeUki, UKI_LIMIT } from "../formats/uki.ts";
import { UKI_SECTIONS, type UkiSectionName } from "../formats/uki-stub.ts";
import type { Ramdisk, WrappedPiece } from "./fit.ts";
import type { UkiFacts } from "./manifest.ts";
import type { UkiContent, UkiFiles } from "./uki-files.ts";

export interface MadeUki {
  readonly pieces: readonly WrappedPiece[];
  readonly facts: UkiFacts;
  /** Where the initrd begins. Bytes. */
  readonly imageAt: number;
}

/** The initrd's digest goes into the facts alone. Throws BuildFailure image/too-large-for-uki. */
export function makeUki(files: UkiFiles, ramdisk: Pick<Ramdisk, "size" | "digest">): MadeUki {
  const initrd = { name: ".initrd", content: "initrd" } as const;
  const contents = [...files.sections, initrd].sort((a, b) => placeOf(a.name) - placeOf(b.name));
  const sizes = contents.map(({ name, content }) => ({ name, size: sizeOf(content, ramdisk) }));
  const { pieces, sections } = encodeOrTooLarge(files, sizes);
  const digests = new Map(contents.map(({ name, content }) => [name, digestIn(content, ramdisk)]));
  const facts = {
    stub: { name: files.stub.name, digest: files.stub.digest },
    sections: sections.map(({ name, address, offset, size, bytes }) => {
      const digest = bytes === null ? digests.get(name as UkiSectionName)! : digestOf(bytes);
      return { name, address, offset, size, digest };
    }),
  };
  return {
    pieces: pieces.map((piece) =>
      piece instanceof Uint8Array ? { from: "wrapper", bytes: piece } : pieceOf(contents[piece.section]!),
    ),
    facts,
    imageAt: sections.find(({ name }) => name === ".initrd")!.offset,
  };
}

type Content = UkiContent["content"] | "initrd";

function encodeOrTooLarge(files: UkiFiles, sections: readonly { name: UkiSectionName; size: number }[]) {
  try {
    return encodeUki({ stub: files.stub.bytes, kernel: files.kernel.facts, sections });
  } catch (error) {
    if (!(error instanceof FormatError) || error.code !== "too-large") throw error;
    const size = sections.reduce((sum, section) => sum + section.size, files.stub.size);
    throw new BuildFailure([{ code: "image/too-large-for-uki", at: files.at, size, limit: UKI_LIMIT }]);
  }
}

function placeOf(name: UkiSectionName): number {
  return UKI_SECTIONS.indexOf(name);
}

function pieceOf({ content }: { readonly content: Content }): WrappedPiece {
  if (content === "initrd") return { from: "image" };
  return content instanceof Uint8Array
    ? { from: "wrapper", bytes: content }
    : { from: "file", file: content };
}

function sizeOf(content: Content, ramdisk: Pick<Ramdisk, "size">): number {
  if (content === "initrd") return ramdisk.size;
  return content instanceof Uint8Array ? content.length : content.size;
}

function digestIn(content: Content, ramdisk: Pick<Ramdisk, "digest">) {
  if (content === "initrd") return ramdisk.digest;
  return content instanceof Uint8Array ? digestOf(content) : content.digest;
}
