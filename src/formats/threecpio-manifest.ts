/**
 * Lines of a manifest for `3cpio --create`. Source: 3cpio(1) 0.14, "Manifest", and its src/manifest.rs: fields are parted by tabs, a
 * line loses the white space around it, "-" and nothing mean "as the file has it", and all text is UTF-8.
 */
import { type ByteString, decodeUtf8 } from "../core/path.ts";
import { FormatError } from "./format-error.ts";
import type { ListedEntry } from "./listed-entry.ts";

const TYPES: Readonly<Record<ListedEntry["kind"], string>> = {
  file: "file",
  directory: "dir",
  symlink: "link",
  char: "char",
  block: "block",
  fifo: "fifo",
  socket: "sock",
};

/** `mtime`: seconds since 1970, of every entry. Throws FormatError: unlisted-name. */
export function threecpioLine(entry: ListedEntry, mtime: number): ByteString {
  const { path, kind, mode, uid, gid } = entry;
  const location = kind === "file" && entry.size > 0 ? field(entry.location, "where it lies") : "-";
  const name = field(path === "" ? "." : path, "its name");
  const looks = [mode.toString(8).padStart(4, "0"), uid, gid, mtime];
  return [location, name, TYPES[kind], ...looks, ...factsOf(entry)].join("\t") as ByteString;
}

/** The line before all others; `compressor`: null where the archive stays as it is. */
export function threecpioHead(compressor: string | null): ByteString {
  return (compressor === null ? "#cpio" : `#cpio: ${compressor}`) as ByteString;
}

function factsOf(entry: ListedEntry): (string | number)[] {
  switch (entry.kind) {
    case "file":
      return [entry.size];
    case "symlink":
      return [field(entry.to, "what it leads to")];
    case "char":
    case "block":
      return [entry.major, entry.minor];
    default:
      return [];
  }
}

function field(text: string, what: string): string {
  // JavaScript's white space is that of Unicode, and so is Rust's.
  const shown = decodeUtf8(text);
  if (shown === null) throw new FormatError("unlisted-name", 0, `${what} is no UTF-8`);
  if (/[\t\n\r\0]/.test(text) || shown.trim() !== shown)
    throw new FormatError(
      "unlisted-name",
      0,
      `${what} has a tab or a new line in it, or begins or ends with white space`,
    );
  if (shown === "-" || shown === "")
    throw new FormatError("unlisted-name", 0, `${what} is empty, or "-", which means empty`);
  return text;
}
