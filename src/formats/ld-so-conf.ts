/**
 * One text of /etc/ld.so.conf: the directories whose libraries ldconfig enters into the loader's cache.
 * Which files an include means, and in which order, is for the caller, who has the tree.
 * Source: glibc elf/ldconfig.c (parse_conf, parse_conf_include, add_dir_1).
 */
import type { ByteString } from "../core/path.ts";

export type LdSoConfLine =
  | { readonly kind: "directory"; readonly path: ByteString }
  /** A glob; a relative one starts at the directory of the file it stands in. */
  | { readonly kind: "include"; readonly pattern: ByteString }
  /** What ldconfig passes by: hwcap directives, and directories that are not absolute. */
  | { readonly kind: "ignored"; readonly line: ByteString };

/** Older versions let a directory name the C library its files are for. */
const LIBRARY_TYPE = /=libc[456]$/;

/** The lines that say something, in order: comments and blank lines are left out. */
export function parseLdSoConf(text: ByteString): LdSoConfLine[] {
  return text.split("\n").flatMap((line) => {
    // A NUL ends a line as far as C sees it.
    const said = line.replace(/[#\0].*$/s, "").replace(/^[ \t\v\f\r]+/, "");
    return said === "" ? [] : parseLine(said);
  });
}

function parseLine(said: string): LdSoConfLine[] {
  const include = /^include[ \t](.*)$/s.exec(said);
  if (include) {
    const patterns = (include[1] ?? "").split(/[ \t]+/).filter((pattern) => pattern !== "");
    return patterns.map((pattern) => ({ kind: "include", pattern: pattern as ByteString }));
  }
  const trimmed = said.replace(/[ \t\v\f\r]+$/, "");
  const path = trimmed.replace(LIBRARY_TYPE, "").replace(/[ \t]+$/, "");
  if (/^hwcap[ \t]/i.test(said) || !path.startsWith("/")) {
    return [{ kind: "ignored", line: trimmed as ByteString }];
  }
  const directory = path.replace(/\/+$/, "");
  return directory === "" ? [] : [{ kind: "directory", path: directory as ByteString }];
}
