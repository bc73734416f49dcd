/** Which version a Linux kernel is, as `uname -r` will say. Sources: linux Documentation/arch/x86/boot.rst, init/version.c; ukify. */
import type { ByteSource } from "./byte-source.ts";
import { viewOf } from "./bytes.ts";

/** The header of x86's boot protocol: its magic, and where it says the text is, counted from the second sector. */
const X86_MAGIC_AT = 0x202;
const X86_MAGIC = "HdrS";
const X86_TEXT_AT = 0x20e;
const X86_SECTOR = 0x200;

const BANNER = "Linux version ";
const LONGEST = 256;
const PIECE = 2 ** 20;

/** Null: it does not say, or only once it is unpacked. */
export function linuxVersionOf(source: ByteSource): string | null {
  return x86Version(source) ?? bannerVersion(source);
}

function x86Version(source: ByteSource): string | null {
  const head = Uint8Array.from(source.read(X86_MAGIC_AT, X86_TEXT_AT + 2 - X86_MAGIC_AT));
  if (Buffer.from(head.subarray(0, 4)).toString("latin1") !== X86_MAGIC || head.length < 14) return null;
  const at = X86_SECTOR + viewOf(head).getUint16(X86_TEXT_AT - X86_MAGIC_AT, true);
  const text = Buffer.from(source.read(at, 128)).toString("latin1");
  return /^([A-Za-z0-9._+-]+) \([^ )]+\) #/.exec(text)?.[1] ?? null;
}

/** Of a kernel that is not compressed: what it prints first. */
function bannerVersion(source: ByteSource): string | null {
  for (let at = 0; at < source.size; at += PIECE) {
    const read = source.read(at, PIECE + LONGEST);
    const piece = Buffer.from(read.buffer, read.byteOffset, read.length);
    for (let found = piece.indexOf(BANNER); found !== -1; found = piece.indexOf(BANNER, found + 1)) {
      const text = piece.toString("latin1", found + BANNER.length, found + LONGEST);
      const version = /^(\d\.[!-~]+) \(/.exec(text)?.[1];
      if (version !== undefined) return version;
    }
  }
  return null;
}
