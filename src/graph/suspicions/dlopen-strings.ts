/**
 * Programs and libraries that import dlopen and hold the name of a library that the tree has beside theirs and the
 * image lacks. A name in the bytes is no proof; so only whole names count, and files without notes: who declares
 * what it opens has said all. That a library could open something for others (libmount: libcryptsetup) is true of
 * most images and matters to few: a kind of its own, for the manifest.
 */
import { type ByteString, directoryOf, nameOf, showPath } from "../../core/path.ts";
import type { Warning } from "../../core/warning.ts";
import { bytesIn, type ElfInImage, type FinishedImage, glibcOf, missingFile } from "./finished-image.ts";

/** A soname as a whole text of its own; the linker's short name (libz.so) belongs to development packages. */
const SONAME = /^lib[A-Za-z0-9_+.-]{1,60}\.so\.[0-9][0-9.]{0,10}$/;
/** More than the longest has before, and behind, its middle. */
const REACH = 72;
const MOST_NAMES = 1000;
/** The C library opens these itself where somebody asks; they have warnings of their own. */
const OF_THE_C_LIBRARY = /^lib(gcc_s|nss_.*|c|m|dl|pthread|rt)\.so/;

export function suspectDlopen(image: FinishedImage): Warning[] {
  const libc = glibcOf(image);
  const usual = libc === null ? "/usr/lib" : `/${directoryOf(libc.path)}`;
  return image.elves.flatMap((file) => {
    const libraries = namedIn(image, file, usual);
    return libraries.length === 0 ? [] : [{ code: codeOf(file), program: showPath(file.path), libraries }];
  });
}

function codeOf({ elf }: ElfInImage): "graph/dlopen-strings" | "graph/library-dlopen-strings" {
  return elf.interpreter === null ? "graph/library-dlopen-strings" : "graph/dlopen-strings";
}

function namedIn(image: FinishedImage, { path, elf }: ElfInImage, usual: string): string[] {
  if (elf.dlopen.length > 0 || elf.needed.length === 0 || /^libc\.so|^ld-/.test(nameOf(path))) return [];
  if (!elf.imports.includes("dlopen")) return [];
  const names = new Set<string>();
  for (const name of sonamesIn(bytesIn(image, path))) {
    if (names.size < MOST_NAMES && !OF_THE_C_LIBRARY.test(name)) names.add(name);
  }
  return [...names]
    .filter((name) => !image.sonames.has(name as ByteString))
    .flatMap(
      (name) =>
        missingFile(image, `/${directoryOf(path)}/${name}`) ?? missingFile(image, `${usual}/${name}`) ?? [],
    );
}

/** By their middle: it is rare, and found ten times faster than an expression is matched. */
function* sonamesIn(content: Buffer): Generator<string> {
  for (let at = content.indexOf(".so."); at !== -1; at = content.indexOf(".so.", at + 1)) {
    const from = Math.max(0, at - REACH);
    const start = content.subarray(from, at).lastIndexOf(0);
    const length = content.subarray(at, at + REACH).indexOf(0);
    if (start === -1 || length === -1) continue;
    const text = content.toString("latin1", from + start + 1, at + length);
    if (SONAME.test(text)) yield text;
  }
}
