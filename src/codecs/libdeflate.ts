/**
 * libdeflate as WebAssembly. It works while its caller waits: what is not small is given to it in a worker thread (gzip.ts).
 * The package does not look whether its memory could grow, and would go on with what lies at address 0; so its first
 * member of more content than ever before is decoded again and compared. Memory that it has once is used again.
 */
import thisProcess from "node:process";
import { crc32 } from "node:zlib";
import { sourceOf } from "../formats/byte-source.ts";
import { viewOf } from "../formats/bytes.ts";
import { FormatError } from "../formats/format-error.ts";
import { GZIP_TRAILER_SIZE } from "../formats/gzip-header.ts";
import { inflateMember } from "./inflate.ts";

/** As the lock file pins it; a test holds it to the package's own word. Part of what a segment's key names. */
export const LIBDEFLATE_PACKAGE = "libdeflate 0.1.0";

const OS_AT = 9;
const OS_UNIX = 3;
/** There is memory for this much content, and its member, at any level from the beginning. */
const FIRST_ROOM = 4 * 2 ** 20;
const HEARD = ["uncaughtException", "unhandledRejection"];

/** The most content for which memory has proved enough, by level. */
const room = new Map<number, number>();

/** One member without name and time, or why there cannot be one: then this thread must not use the codec again. */
export async function deflateMember(bytes: Uint8Array, level: number): Promise<Uint8Array | string> {
  const { gzip } = await import("libdeflate");
  const impediment = findImpediment(gzip);
  if (impediment !== null) return impediment;
  const isProven = bytes.length <= (room.get(level) ?? FIRST_ROOM);
  let member: Uint8Array;
  try {
    member = gzip(bytes, level);
  } catch (error) {
    if (isProven) throw error;
    return tooLittleMemory(bytes);
  }
  if (!isProven) {
    if (!(await isMemberOf(bytes, member))) return tooLittleMemory(bytes);
    room.set(level, bytes.length);
  }
  member[OS_AT] = OS_UNIX; // as gzip says; the package says "unknown"
  return member;
}

/** WebAssembly may be switched off, and needs more room for addresses than some limits (`ulimit -v`) leave. */
function findImpediment(gzip: (bytes: Uint8Array, level: number) => Uint8Array): string | null {
  if (room.size > 0) return null;
  try {
    unheard(() => gzip(new Uint8Array(1), 1));
    room.set(1, FIRST_ROOM);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tooLittleMemory({ length }: Uint8Array): string {
  return `there is not enough memory to compress ${length} bytes`;
}

async function isMemberOf(bytes: Uint8Array, member: Uint8Array): Promise<boolean> {
  try {
    if ((await inflateMember(sourceOf(member), 0, () => {})) !== member.length) return false;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
  const trailer = viewOf(member.subarray(-GZIP_TRAILER_SIZE));
  return trailer.getUint32(0, true) === crc32(bytes) && trailer.getUint32(4, true) === bytes.length;
}

/** What the package's loader hears of the process it throws again, errors of the caller's too: it shall not hear it. */
function unheard<T>(work: () => T): T {
  const events: NodeJS.EventEmitter = thisProcess;
  const before = HEARD.map((event) => new Set(events.listeners(event)));
  try {
    return work();
  } finally {
    for (const [index, event] of HEARD.entries()) {
      const added = events.listeners(event).filter((listener) => !before[index]!.has(listener));
      for (const listener of added) events.off(event, listener as () => void);
    }
  }
}
