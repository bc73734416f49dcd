/**
 * What programs import that makes glibc open something by name: pthread_cancel and pthread_exit want
 * libgcc_s.so.1 (without it the program is aborted), iconv_open wants converters.
 * Sources: glibc misc/unwind-link.c, iconv/gconv_conf.c.
 */
import { byteString, directoryOf, nameOf, showPath } from "../../core/path.ts";
import type { Warning } from "../../core/warning.ts";
import { bytesIn, type ElfInImage, type FinishedImage, glibcOf, missingFile } from "./finished-image.ts";

const UNWINDER = "libgcc_s.so.1";

export function suspectThreads(image: FinishedImage): Warning[] {
  const libc = glibcOf(image);
  const library = libc && missingFile(image, `/${directoryOf(libc.path)}/${UNWINDER}`);
  if (!library) return [];
  const programs = importing(image, ["pthread_cancel", "pthread_exit"]);
  return programs.length === 0 ? [] : [{ code: "graph/thread-exit", programs, library }];
}

/** Bash and its like import iconv_open for UTF-8, which needs no converter: those that name another set count. */
export function suspectConverters(image: FinishedImage): Warning[] {
  const libc = glibcOf(image);
  const directory = libc && `/${directoryOf(libc.path)}/gconv`;
  if (!directory || missingFile(image, `${directory}/gconv-modules`) === null) return [];
  const programs = importing(image, ["iconv_open"], ({ path }) =>
    CHARACTER_SET.test(byteString(bytesIn(image, path))),
  );
  return programs.length === 0 ? [] : [{ code: "graph/gconv", programs, directory }];
}

const CHARACTER_SET =
  /\0(?:CP\d{3,4}|IBM\d{3,4}|ISO-?8859-\d+|KOI8-[RU]|UTF-16(?:LE|BE)?|SHIFT_?JIS|EUC-\w\w)(?:\/\/\w+)?\0/;

/** The programs and libraries that import one of some names, without the C library itself. */
function importing(
  image: FinishedImage,
  names: readonly string[],
  isMeant: (file: ElfInImage) => boolean = () => true,
): string[] {
  return image.elves.flatMap((file) => {
    const { path, elf } = file;
    // The C library and its loader are no users of themselves.
    if (/^libc\.so|^libc-2|^ld-/.test(nameOf(path))) return [];
    return names.some((name) => elf.imports.includes(name)) && isMeant(file) ? [showPath(path)] : [];
  });
}
