/** What a closure file says of one store path, in whatever form it is written (see nix-registration.ts). */
import type { ByteString } from "../core/path.ts";
import { FormatError } from "./format-error.ts";
import { parseStoreName } from "./nix-store-path.ts";

export interface StorePathRecord {
  /** Absolute store paths, as they stand there; a path may refer to itself. */
  readonly references: readonly ByteString[];
  /** SHA-256 of the path's NAR in hexadecimal; null: the file does not say. */
  readonly narHash: string | null;
  /** Bytes of the path's NAR; null: the file does not say. */
  readonly narSize: number | null;
}

/** By absolute store path, in the order of the file. */
export type Registration = Map<ByteString, StorePathRecord>;

export type RegistrationErrorCode =
  | "bad-path"
  | "bad-count"
  | "bad-hash"
  | "bad-size"
  | "bad-json"
  | "bad-shape"
  | "conflict"
  | "truncated";

/** An absolute path whose last part is a store path's name; no control characters, so that it can be shown. */
export function isStorePath(text: string): text is ByteString {
  const slash = text.lastIndexOf("/");
  return /^\/[\u0020-\u007e]*$/.test(text) && parseStoreName(text.slice(slash + 1)) !== null;
}

/** Concatenated files may tell of a path twice, if they tell the same. */
export function addRecord(
  registration: Registration,
  path: ByteString,
  record: StorePathRecord,
  offset: number,
): void {
  const known = registration.get(path);
  if (known && !isSameSet(known.references, record.references)) {
    throw new FormatError("conflict", offset, `${path} is there twice, with different references`);
  }
  if (!known || known.narHash === null) registration.set(path, record);
}

function isSameSet(left: readonly string[], right: readonly string[]): boolean {
  const known = new Set(left);
  return new Set(right).size === known.size && right.every((one) => known.has(one));
}
