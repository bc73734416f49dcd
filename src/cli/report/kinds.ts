import type { Entry } from "../../core/entry.ts";

export const KINDS = {
  file: "a file",
  directory: "a directory",
  symlink: "a symlink",
  char: "a character device",
  block: "a block device",
  fifo: "a fifo",
  socket: "a socket",
} as const satisfies Record<Entry["kind"], string>;
