/**
 * Paths as bytes. A file name on Linux is a string of bytes without "/" and NUL, in no particular
 * encoding, and an image must carry it as it is. So inside initgraph a path is a *byte string*: a
 * JavaScript string in which every character is one byte (0 to 255). It compares with "<" in the order of
 * its bytes, looks like itself while it is ASCII, and is made readable for people by `showPath` alone.
 */

/** Text in which every character stands for one byte. */
export type ByteString = string & { readonly [isByteString]: true };
declare const isByteString: unique symbol;

/**
 * A path inside an image or inside a tree (sysroot, store): relative to its root, without empty, "." or
 * ".." parts. The root itself is "".
 */
export type TargetPath = ByteString & { readonly [isTargetPath]: true };
declare const isTargetPath: unique symbol;

/** An absolute path on the building machine. */
export type HostPath = ByteString & { readonly [isHostPath]: true };
declare const isHostPath: unique symbol;

export const ROOT = "" as TargetPath;

/** Text as people write it, as the bytes of its UTF-8. */
export function bytesOf(text: string): ByteString {
  return (isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1")) as ByteString;
}

/** What was read from a disk or an archive, one character for each byte. */
export function byteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1") as ByteString;
}

/** The bytes themselves, for writing. */
export function toBytes(text: ByteString): Uint8Array {
  return Buffer.from(text, "latin1");
}

/**
 * A target path from bytes: leading, trailing and doubled slashes and "." parts go, since they mean nothing.
 * Null for what has no place inside a root: a ".." part or a NUL.
 */
export function parseTargetPath(text: ByteString): TargetPath | null {
  const parts = text.split("/").filter((part) => part !== "" && part !== ".");
  if (text.includes("\0") || parts.includes("..")) return null;
  return parts.join("/") as TargetPath;
}

/** A host path from bytes, seen from a directory; "." and ".." are taken literally, as a shell's `realpath -s` does. */
export function parseHostPath(text: ByteString, from: HostPath): HostPath | null {
  if (text === "" || text.includes("\0")) return null;
  const parts: string[] = [];
  for (const part of (text.startsWith("/") ? text : `${from}/${text}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}` as HostPath;
}

/** One name below a directory. The name comes from a directory's own list, so it needs no check. */
export function childOf(directory: TargetPath, name: string): TargetPath {
  return (directory === ROOT ? name : `${directory}/${name}`) as TargetPath;
}

/** The directory of a path; the root's is the root. */
export function directoryOf(path: TargetPath): TargetPath {
  return path.slice(0, Math.max(0, path.lastIndexOf("/"))) as TargetPath;
}

/** The last part of a path. */
export function nameOf(path: ByteString): ByteString {
  return path.slice(path.lastIndexOf("/") + 1) as ByteString;
}

/** All directories above a path, the outermost first, the root left out. */
export function ancestorsOf(path: TargetPath): TargetPath[] {
  const ancestors: TargetPath[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    ancestors.push(path.slice(0, at) as TargetPath);
  }
  return ancestors;
}

export function isInside(path: TargetPath, directory: TargetPath): boolean {
  return directory === ROOT || path === directory || path.startsWith(`${directory}/`);
}

/** The same place below another directory of the building machine. */
export function hostPathOf(root: HostPath, path: TargetPath): HostPath {
  if (path === ROOT) return root;
  return (root === "/" ? `/${path}` : `${root}/${path}`) as HostPath;
}

/** The same place seen from a directory: `./x`, `../x`. */
export function relativeHostPath(path: HostPath, from: HostPath): ByteString {
  const [parts, above] = [path, from].map((one) => one.split("/").filter((part) => part !== ""));
  const apart = above!.findIndex((part, at) => part !== parts![at]);
  const shared = apart === -1 ? above!.length : apart;
  const up = above!.slice(shared).map(() => "..");
  return [...(up.length === 0 ? ["."] : up), ...parts!.slice(shared)].join("/") as ByteString;
}

/** The nearest directory that all of these are, or lie in. */
export function commonDirectory(directories: readonly HostPath[]): HostPath {
  const [first = [], ...others] = directories.map((one) => one.split("/"));
  const apart = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return (first.slice(0, apart === -1 ? first.length : apart).join("/") || "/") as HostPath;
}

/** A path for people: absolute, UTF-8 where it is, with "\n" and "\xff" for what cannot be shown. */
export function showPath(path: TargetPath): string {
  return `/${showBytes(path)}`;
}

/** Bytes for people. The result never holds a control character, so it cannot break a line of a report. */
export function showBytes(text: ByteString): string {
  if (isPrintableAscii(text)) return text;
  let shown = "";
  // One character at a time, so that a single bad byte does not hide its neighbours.
  for (let at = 0; at < text.length; ) {
    const length = utf8LengthAt(text, at);
    const piece = text.slice(at, at + Math.max(length, 1));
    shown += length === 0 ? escapeByte(piece.charCodeAt(0)) : escapeControl(decodeUtf8(piece) ?? "");
    at += piece.length;
  }
  return shown;
}

/** The text that these bytes are the UTF-8 of; null where they are not valid UTF-8. */
export function decodeUtf8(text: ByteString | string): string | null {
  if (isAscii(text)) return text;
  const decoded = Buffer.from(text, "latin1").toString("utf8");
  return Buffer.from(decoded, "utf8").toString("latin1") === text ? decoded : null;
}

/** How many bytes the UTF-8 character at this place has; 0 where none begins. */
function utf8LengthAt(text: string, at: number): number {
  for (let length = 1; length <= 4 && at + length <= text.length; length++) {
    const decoded = decodeUtf8(text.slice(at, at + length));
    if (decoded !== null) return length;
  }
  return 0;
}

function escapeControl(text: string): string {
  if (text === "\n") return "\\n";
  if (text === "\t") return "\\t";
  return /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text) ? escapeByte(text.charCodeAt(0)) : text;
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}

function isPrintableAscii(text: string): boolean {
  return !/[^\u0020-\u007e]/.test(text);
}
