/** Paths and globs as a recipe writes them. */
import {
  type ByteString,
  bytesOf,
  type HostPath,
  parseHostPath,
  parseTargetPath,
  type TargetPath,
} from "../core/path.ts";
import type { PathFault } from "../core/problems/spec.ts";
import type { FileName } from "./image-spec.ts";
import type { ObjectName } from "./spec.ts";

/** A value, or what is wrong with its text. */
export type Parsed<T> = { readonly value: T } | { readonly fault: PathFault };

/** A path in the image or in the sysroot: absolute as it is written, without "..". "/" is the root. */
export function readTarget(text: string): Parsed<TargetPath> {
  const fault = faultOfText(text);
  if (fault) return { fault };
  if (!text.startsWith("/")) return { fault: "relative" };
  const value = parseTargetPath(bytesOf(text));
  return value === null ? { fault: "parent" } : { value };
}

/** A path of the building machine, seen from the recipe's directory. */
export function readHostPath(text: string, directory: HostPath): Parsed<HostPath> {
  const fault = faultOfText(text);
  if (fault) return { fault };
  return { value: parseHostPath(bytesOf(text), directory)! };
}

/** The same, or a glob: `isGlob` says which, and its text is ready for a matcher. */
export function readHostGlob(text: string, directory: HostPath): Parsed<{ path: HostPath; isGlob: boolean }> {
  const isGlob = hasMagic(text);
  const read = readHostPath(isGlob ? escapedGlob(text) : withoutEscapes(text), directory);
  return "fault" in read ? read : { value: { path: read.value, isGlob } };
}

/** An object of the contents: where it is looked up follows from its form. */
export function readObject(
  text: string,
  from: { readonly directory: HostPath; readonly store: TargetPath },
): Parsed<ObjectName> {
  const fault = faultOfText(text);
  if (fault) return { fault };
  if (/^\.\.?(\/|$)/.test(text)) {
    const read = readHostGlob(text, from.directory);
    return "fault" in read ? read : { value: { in: "host", ...read.value } };
  }
  if (!text.startsWith("/")) return { fault: "nowhere" };
  const isGlob = hasMagic(text);
  const read = readTarget(isGlob ? escapedGlob(text) : withoutEscapes(text));
  if ("fault" in read) return read;
  const path = read.value;
  if (path === from.store) return { fault: "store-itself" };
  return { value: { in: path.startsWith(`${from.store}/`) ? "store" : "sysroot", path, isGlob } };
}

/** One file, where an object of the same name would be looked up, by its path from that tree's root. */
export function readFileName(
  text: string,
  from: { readonly directory: HostPath; readonly store: TargetPath },
): Parsed<FileName> {
  const read = readObject(text, from);
  if ("fault" in read) return read;
  const { in: tree, path, isGlob } = read.value;
  if (isGlob) return { fault: "glob" };
  const root = { sysroot: "", store: `${from.store}/`, host: "/" }[tree];
  return { value: { in: tree, path: path.slice(root.length) as TargetPath } };
}

/** Text that stands in the image as it is: a symlink's target, a suffix. */
export function readBytes(text: string): Parsed<ByteString> {
  return hasControl(text) ? { fault: "control-character" } : { value: bytesOf(text) };
}

function faultOfText(text: string): PathFault | null {
  if (text === "") return "empty";
  return hasControl(text) ? "control-character" : null;
}

function hasControl(text: string): boolean {
  return /[\u0000-\u001f\u007f]/.test(text);
}

/**
 * `*`, `?`, and pairs of brackets or of braces with a list or range in them. A bracket alone is a name:
 * /usr/bin/[ is a program. A backslash takes the magic away.
 */
export function hasMagic(text: string): boolean {
  const bare = text.replaceAll(/\\[*?[\]{}]/g, "");
  return /[*?]|\[[^/]+\]|\{[^{}]*(,|\.\.)[^{}]*\}/.test(bare);
}

/** systemd's unit names hold real backslashes ("\x2d"): only one before a magic character is an escape. */
function withoutEscapes(text: string): string {
  return text.replaceAll(/\\([*?[\]{}])/g, "$1");
}

/** For a matcher every backslash is an escape, so the real ones are doubled; names without magic stay plain. */
function escapedGlob(text: string): string {
  const parts = text.split("/");
  const firstMagic = parts.findIndex(hasMagic);
  return parts
    .map((part, index) =>
      index < firstMagic ? withoutEscapes(part) : part.replaceAll(/\\(?![*?[\]{}])/g, "\\\\"),
    )
    .join("/");
}
