/** A word of the command line that names something of an image: a path, a glob, or a name of one of several kinds. */
import { type ByteString, bytesOf } from "../core/path.ts";

export type AskedName =
  /** With a slash. From the root, or from the middle: `sbin/init`, `rtl_nic/rtl8168g-2.fw`. */
  | { readonly kind: "path"; readonly text: ByteString }
  /** With a slash: over paths; without: over names. */
  | { readonly kind: "glob"; readonly text: ByteString }
  /** Of a file, a library, a module or firmware. */
  | { readonly kind: "name"; readonly text: ByteString }
  /** Said to be of that kind: `module:loop`. */
  | { readonly kind: "module" | "firmware" | "package"; readonly text: ByteString };

const PREFIX = /^(module|firmware|package):(.+)$/s;
const MAGIC = /[*?[{]/;
/** As long as a path may be. */
const LONGEST = 4096;

/** Null: it names nothing. */
export function parseAsked(word: string): AskedName | null {
  const [, kind, rest] = PREFIX.exec(word) ?? [];
  const text = bytesOf(rest ?? word);
  if (text === "" || text.includes("\0") || text.length > LONGEST) return null;
  if (kind !== undefined) return { kind: kind as "module", text };
  if (MAGIC.test(text)) return { kind: "glob", text };
  return { kind: text.includes("/") ? "path" : "name", text };
}
