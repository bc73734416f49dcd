/**
 * Names of kernel modules as kmod compares them: "-" and "_" are one, and a file's name ends at its first dot.
 * Source: kmod shared/util.c (modname_normalize, path_to_modname, alias_normalize), libkmod fnmatch(3) use.
 */
import type { ByteString } from "../core/path.ts";

/** `kernel/sound/snd-hda-intel.ko.xz` is the module `snd_hda_intel`. */
export function moduleNameOf(path: string): ByteString {
  const base = path.slice(path.lastIndexOf("/") + 1);
  const dot = base.indexOf(".");
  return (dot === -1 ? base : base.slice(0, dot)).replaceAll("-", "_") as ByteString;
}

export type ModuleCompression = "none" | "gzip" | "xz" | "zstd";

const SUFFIXES: readonly (readonly [suffix: string, compression: ModuleCompression])[] = [
  [".ko", "none"],
  [".ko.gz", "gzip"],
  [".ko.xz", "xz"],
  [".ko.zst", "zstd"],
];

/** How a module's file is packed; null: no module. */
export function moduleCompressionOf(path: string): ModuleCompression | null {
  return SUFFIXES.find(([suffix]) => path.endsWith(suffix))?.[1] ?? null;
}

/** As modules.order and modules.builtin write a module's path: `.ko` whatever its compression. */
export function plainModulePath(path: string): string {
  const suffix = SUFFIXES.find(([each]) => path.endsWith(each))?.[0];
  return suffix === undefined ? path : `${path.slice(0, -suffix.length)}.ko`;
}

/** An alias with "-" as "_" outside of brackets; null where a bracket has no partner: kmod drops such an alias. */
export function normalizeAlias(alias: string): string | null {
  let normalized = "";
  for (let at = 0; at < alias.length; at++) {
    const character = alias[at]!;
    if (character === "]") return null;
    if (character === "[") {
      const end = alias.indexOf("]", at);
      if (end === -1) return null;
      normalized += alias.slice(at, end + 1);
      at = end;
    } else normalized += character === "-" ? "_" : character;
  }
  return normalized;
}

/** The part of a pattern before its first wildcard: a cheap first look at thousands of aliases. */
export function literalHead(pattern: string): string {
  const magic = pattern.search(/[*?[\\]/);
  return magic === -1 ? pattern : pattern.slice(0, magic);
}

/** fnmatch(3) without flags: `*`, `?`, `[a-z]`, `[!a]`. Takes at most pattern × text steps. */
export function matchesAlias(pattern: string, text: string): boolean {
  let at = 0;
  let inText = 0;
  let star = -1;
  let starText = 0;
  while (inText < text.length) {
    const step = at < pattern.length && pattern[at] !== "*" ? matchOne(pattern, at, text[inText]!) : null;
    if (pattern[at] === "*") {
      star = at++;
      starText = inText;
    } else if (step !== null) {
      at = step;
      inText++;
    } else if (star !== -1) {
      at = star + 1;
      inText = ++starText;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}

/** Where the pattern goes on behind one character that matches; null: it does not match. */
function matchOne(pattern: string, at: number, character: string): number | null {
  const wanted = pattern[at]!;
  if (wanted === "?") return at + 1;
  if (wanted === "\\" && at + 1 < pattern.length) return pattern[at + 1] === character ? at + 2 : null;
  const end = wanted === "[" ? pattern.indexOf("]", at + 2) : -1;
  if (end === -1) return wanted === character ? at + 1 : null;
  const isNegated = pattern[at + 1] === "!" || pattern[at + 1] === "^";
  return isInSet(pattern.slice(at + (isNegated ? 2 : 1), end), character) === isNegated ? null : end + 1;
}

function isInSet(set: string, character: string): boolean {
  for (let at = 0; at < set.length; at++) {
    const isRange = set[at + 1] === "-" && at + 2 < set.length;
    const last = isRange ? set[at + 2]! : set[at]!;
    if (set[at]! <= character && character <= last) return true;
    if (isRange) at += 2;
  }
  return false;
}
