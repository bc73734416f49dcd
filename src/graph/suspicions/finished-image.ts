/** The closure when nothing more is added, as those see it who look for what no header says. */
import { type ByteString, byteString, showBytes, type TargetPath } from "../../core/path.ts";
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

/** The C library of the image; null: none, or another than glibc. */
export function glibcOf({ elves }: FinishedImage): ElfInImage | null {
  return elves.find(({ elf }) => elf.soname === "libc.so.6") ?? null;
}

/** Where the tree has a file that the image lacks; null: the image has it, or nobody has. */
export function missingFile(image: FinishedImage, path: string): string | null {
  const { facts, path: found } = image.paths.resolve(path as ByteString);
  return facts?.kind === "file" && !image.isIn(found) ? showBytes(path as ByteString) : null;
}

/** Executables and libraries are a few megabytes; of a larger one the first part is looked at. */
const MOST_PROGRAM_BYTES = 8 << 20;

export function bytesIn(image: FinishedImage, path: TargetPath): Buffer {
  const bytes = readStart(path, image.paths, MOST_PROGRAM_BYTES);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A text file of the image; null: it is not in. */
export function textIn(image: FinishedImage, path: string): string | null {
  const found = image.paths.resolve(path as ByteString);
  if (found.facts?.kind !== "file" || !image.isIn(found.path)) return null;
  return byteString(readStart(found.path, image.paths, MOST_TEXT_BYTES));
}
