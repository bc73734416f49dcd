/** Which symbols a kernel can have for modules: the names stand in its bytes (__ksymtab_strings), each ended by NUL. */
import type { ByteSource } from "./byte-source.ts";

const PIECE = 2 ** 20;
/** Longer names are not symbols (KSYM_NAME_LEN). */
const LONGEST = 512;
const NUL = 0;

/**
 * Those that no text of the kernel ends with: it has no such symbol. That another is there proves nothing: linkers keep
 * one text for all that end alike.
 */
export function symbolsLackedBy(kernel: ByteSource, names: Iterable<string>): Set<string> {
  const lacked = new Set<string>(names);
  const texts = new Set<string>();
  for (let at = 0; at < kernel.size && lacked.size > 0; at += PIECE) {
    const piece = Buffer.from(kernel.read(at, PIECE + LONGEST));
    for (const text of textsIn(piece)) {
      lacked.delete(text);
      texts.add(text);
    }
    if (piece.length < PIECE) break;
  }
  return withoutEndings(lacked, texts);
}

/** Runs of characters that symbols are made of, ended by NUL. */
function* textsIn(piece: Buffer): Generator<string> {
  let start = 0;
  for (let at = 0; at < piece.length; at++) {
    const byte = piece[at]!;
    if (IS_OF_SYMBOL[byte] === 1) continue;
    if (byte === NUL && at > start + 1) yield piece.toString("latin1", start, at);
    start = at + 1;
  }
}

function withoutEndings(lacked: Set<string>, texts: ReadonlySet<string>): Set<string> {
  if (lacked.size === 0) return lacked;
  const byEnd = new Map<string, string[]>();
  for (const name of lacked) {
    const end = name.slice(-ENDING);
    const same = byEnd.get(end) ?? [];
    byEnd.set(end, same);
    same.push(name);
  }
  for (const text of texts) {
    for (const name of byEnd.get(text.slice(-ENDING)) ?? []) if (text.endsWith(name)) lacked.delete(name);
  }
  return lacked;
}

/** Letters by which names are sorted before they are compared. */
const ENDING = 4;
const IS_OF_SYMBOL = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9_.$]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
