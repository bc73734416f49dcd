/**
 * Store paths: `<store directory>/<hash>-<name>`, and what lies below. Sources: Nix 2.26
 * src/libstore/path.cc (checkName, StorePath) and src/libutil/hash.cc (nix32Chars); manual, "Store Path".
 */
import type { ByteString, TargetPath } from "../core/path.ts";

/** Nix's base 32: the digits and letters without e, o, t and u. */
export const HASH_ALPHABET = "0123456789abcdfghijklmnpqrsvwxyz";
export const HASH_LENGTH = 32;

const LONGEST_NAME = 211;
const HASH = new RegExp(`^[${HASH_ALPHABET}]{${HASH_LENGTH}}$`);
const NAME = /^[0-9a-zA-Z+\-._?=]+$/;

export interface StorePath {
  /** `<hash>-<name>`: the first component below the store directory. */
  readonly name: ByteString;
  /** Its first 32 characters. */
  readonly hash: ByteString;
}

/** The store path that a path lies in or is; null for the store directory itself and for all that is no store path. */
export function storePathOf(path: TargetPath, storeDirectory: TargetPath): StorePath | null {
  const prefix = storeDirectory === "" ? "" : `${storeDirectory}/`;
  if (!path.startsWith(prefix)) return null;
  const [name = ""] = path.slice(prefix.length).split("/", 1);
  return parseStoreName(name);
}

/** A name in a store directory; null for what is no store path (`.links`, a temporary directory). */
export function parseStoreName(text: string): StorePath | null {
  const hash = text.slice(0, HASH_LENGTH);
  if (!HASH.test(hash) || text[HASH_LENGTH] !== "-") return null;
  if (!isLegalName(text.slice(HASH_LENGTH + 1))) return null;
  return { name: text as ByteString, hash: hash as ByteString };
}

/** "." and ".." are refused alone and before a "-", so that no path below the store can be mistaken for them. */
function isLegalName(name: string): boolean {
  return name.length <= LONGEST_NAME && NAME.test(name) && !/^\.\.?(-|$)/.test(name);
}
