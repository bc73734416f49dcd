/**
 * SHA-256 digests in the spellings of Nix: base 16, Nix's base 32 (least significant digit last), base 64,
 * bare, as `sha256:…` or as SRI `sha256-…`. Source: Nix 2.26 src/libutil/hash.cc.
 */
import type { ByteString } from "../core/path.ts";
import { HASH_ALPHABET, HASH_LENGTH } from "./nix-store-path.ts";

const BYTES = 32;
const BASE32_LENGTH = 52;
const HASH_PART_BYTES = 20;

/** The digest as 64 hexadecimal digits; null for all that is no SHA-256. */
export function parseNixSha256(text: string): string | null {
  const digits = /^(?:sha256[:-])?(.*)$/s.exec(text)?.[1] ?? "";
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  if (/^[0-9A-Za-z+/]{43}=$/.test(digits)) return Buffer.from(digits, "base64").toString("hex");
  return digits.length === BASE32_LENGTH ? hexFromBase32(digits) : null;
}

/** Nix writes the last five bits first; the first digit has one bit to spare, which must be 0. */
function hexFromBase32(digits: string): string | null {
  const bytes = new Uint8Array(BYTES);
  for (let n = 0; n < BASE32_LENGTH; n++) {
    const value = HASH_ALPHABET.indexOf(digits[BASE32_LENGTH - 1 - n]!);
    if (value === -1) return null;
    const at = Math.floor((n * 5) / 8);
    const shifted = value << ((n * 5) % 8);
    bytes[at]! |= shifted & 0xff;
    if (at + 1 < BYTES) bytes[at + 1]! |= shifted >> 8;
    else if (shifted >> 8 !== 0) return null;
  }
  return Buffer.from(bytes).toString("hex");
}

/** The hash part of a store path: a digest (hexadecimal) folded to 160 bits, as Nix does it, in its base 32. */
export function hashPartOf(hex: string): ByteString {
  const folded = new Uint8Array(HASH_PART_BYTES);
  for (const [at, byte] of Buffer.from(hex, "hex").entries()) folded[at % HASH_PART_BYTES]! ^= byte;
  let digits = "";
  for (let n = HASH_LENGTH - 1; n >= 0; n--) {
    const at = Math.floor((n * 5) / 8);
    const pair = folded[at]! | ((folded[at + 1] ?? 0) << 8);
    digits += HASH_ALPHABET[(pair >> ((n * 5) % 8)) & 0x1f]!;
  }
  return digits as ByteString;
}
