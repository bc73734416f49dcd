/** Files whose content is packed, or under sums of their format, by their first bytes: none may be changed in place. */

export const MOST_MAGIC = 263;

export type ReadablePacking = "gzip" | "xz" | "zstd";
export type Packing =
  | ReadablePacking
  | "bzip2"
  | "lz4"
  | "lzma"
  | "lzop"
  | "lzip"
  | "zip"
  | "7z"
  | "rpm"
  | "squashfs"
  | "tar"
  | "cpio with sums";

const bytes = (text: string) => Buffer.from(text, "latin1");

/** Where each stands, and what. */
const MAGICS: readonly (readonly [packing: Packing, at: number, magic: Uint8Array])[] = [
  ["gzip", 0, bytes("\x1f\x8b\x08")],
  ["xz", 0, bytes("\xfd7zXZ\0")],
  ["zstd", 0, bytes("\x28\xb5\x2f\xfd")],
  ["bzip2", 4, bytes("1AY&SY")],
  ["lz4", 0, bytes("\x04\x22\x4d\x18")],
  ["lz4", 0, bytes("\x02\x21\x4c\x18")],
  ["lzop", 0, bytes("\x89LZO\0\r\n\x1a\n")],
  ["lzip", 0, bytes("LZIP\x01")],
  ["zip", 0, bytes("PK\x03\x04")],
  ["7z", 0, bytes("7z\xbc\xaf\x27\x1c")],
  ["rpm", 0, bytes("\xed\xab\xee\xdb")],
  ["squashfs", 0, bytes("hsqs")],
  ["tar", 257, bytes("ustar")],
  ["cpio with sums", 0, bytes("070702")],
  // Properties as every encoder writes them, a dictionary of whole pages, and a size that is unknown.
  ["lzma", 5, bytes("\xff\xff\xff\xff\xff\xff\xff\xff")],
];
const LZMA_PROPERTIES = 0x5d;

/** Of a file that begins with these bytes; null: none that is known here. */
export function packingOf(head: Uint8Array): Packing | null {
  const found = MAGICS.find(
    ([packing, at, magic]) =>
      magic.every((byte, index) => head[at + index] === byte) &&
      (packing !== "lzma" || head[0] === LZMA_PROPERTIES),
  );
  return found?.[0] ?? null;
}

/** Whether nobody sees from outside what is in it: the others show their content as it is. */
export function isHidden(packing: Packing): boolean {
  return packing !== "tar" && packing !== "cpio with sums";
}

export function isReadable(packing: Packing): packing is ReadablePacking {
  return packing === "gzip" || packing === "xz" || packing === "zstd";
}
