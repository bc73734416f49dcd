/** The closure when nothing more is added, as those see it who look for what no header says. */
import { type ByteString, byteString, type TargetPath } from "../../core/path.ts";
import type { ElfFile } from "../../formats/elf.ts";
import type { PathResolver } from "../../trees/resolve-path.ts";
import { readStart } from "../loader/configured-directories.ts";

/** Configuration has some kilobytes. */
const MOST_TEXT_BYTES = 1 << 20;

export interface ElfInImage {
  readonly path: TargetPath;
  readonly elf: ElfFile;
}

export interface FinishedImage {
  /** The image's view of its trees: what is not in the image is found in the sysroot. */
  readonly paths: PathResolver;
  /** File names and sonames of all ELF files in the image. */
  readonly sonames: ReadonlySet<ByteString>;
  readonly elves: readonly ElfInImage[];
  readonly isIn: (path: TargetPath) => boolean;
}

/** A text file of the image; null: it is not in. */
export function textIn(image: FinishedImage, path: string): string | null {
  const found = image.paths.resolve(path as ByteString);
  if (found.facts?.kind !== "file" || !image.isIn(found.path)) return null;
  return byteString(readStart(found.path, image.paths, MOST_TEXT_BYTES));
}
