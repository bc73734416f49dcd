/**
 * Lines of the kernel's usr/gen_init_cpio, which makes a cpio archive of them (CONFIG_INITRAMFS_SOURCE). Source: usr/gen_init_cpio.c
 * of Linux 6.1 to 6.12. Its words end at white space and nothing quotes them.
 */
import type { ByteString } from "../core/path.ts";
import { FormatError } from "./format-error.ts";
import type { ListedEntry } from "./listed-entry.ts";

/** PATH_MAX of the tool's own buffers. */
const LONGEST = 4096;
const GREATEST_ID = 2 ** 31 - 1;

/** Null: the root, which its archives do not have. Throws FormatError: unlisted-name, unlisted-owner. */
export function genInitCpioLine(entry: ListedEntry): ByteString | null {
  if (entry.path === "") return null;
  const name = word(`/${entry.path}`, "its name");
  const looks = `${octal(entry.mode)} ${id(entry.uid)} ${id(entry.gid)}`;
  switch (entry.kind) {
    case "file":
      return `file ${name} ${place(entry.location)} ${looks}` as ByteString;
    case "directory":
      return `dir ${name} ${looks}` as ByteString;
    case "symlink":
      return `slink ${name} ${word(entry.to, "what it leads to")} ${looks}` as ByteString;
    case "char":
    case "block":
      return `nod ${name} ${looks} ${entry.kind[0]} ${entry.major} ${entry.minor}` as ByteString;
    case "fifo":
      return `pipe ${name} ${looks}` as ByteString;
    case "socket":
      return `sock ${name} ${looks}` as ByteString;
  }
}

/** `${` begins a variable of the environment there. */
function place(location: ByteString): string {
  if (location.includes("${")) throw new FormatError("unlisted-name", 0, 'where it lies has "${" in it');
  return word(location, "where it lies");
}

function word(text: string, what: string): string {
  if (/[\s\0]/.test(text) || text === "")
    throw new FormatError("unlisted-name", 0, `${what} has white space in it, or is empty`);
  if (text.length >= LONGEST) throw new FormatError("unlisted-name", 0, `${what} is too long`);
  return text;
}

function id(owner: number): number {
  if (owner > GREATEST_ID)
    throw new FormatError("unlisted-owner", 0, `its owner ${owner} is too large a number`);
  return owner;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
