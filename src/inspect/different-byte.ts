/** Where the data of two entries begins to differ, found without holding either. */
import { digestOf } from "../core/digest.ts";
import { type DigestedEntry, type DigestedImage, readEntryData } from "./image-entries.ts";
import type { InspectPorts } from "./unpack-member.ts";

type InImage = readonly [image: DigestedImage, entry: DigestedEntry];

/** Data is compared by the digests of so many bytes, then these are held. */
const BLOCK = 2 ** 20;

/** Where the shorter one ends if it begins the longer. */
export async function firstDifferentByte(
  first: InImage,
  second: InImage,
  ports: InspectPorts,
): Promise<number> {
  const digests: string[] = [];
  await eachBlock(first, (block) => digests.push(digestOf(block)) > 0, ports);
  let number = 0;
  let other = new Uint8Array(0);
  await eachBlock(
    second,
    (block) => {
      other = Uint8Array.from(block);
      if (digestOf(block) !== digests[number]) return false;
      number += 1;
      other = new Uint8Array(0);
      return true;
    },
    ports,
  );
  let one = new Uint8Array(0);
  let at = 0;
  await eachBlock(
    first,
    (block) => {
      if (at++ < number) return true;
      one = Uint8Array.from(block);
      return false;
    },
    ports,
  );
  const within = one.findIndex((byte, index) => byte !== other[index]);
  return number * BLOCK + (within === -1 ? one.length : within);
}

/** Until `take` says that it has enough. A block is valid during the call; the last is shorter, and may be empty. */
async function eachBlock(
  [image, entry]: InImage,
  take: (block: Uint8Array) => boolean,
  ports: InspectPorts,
): Promise<void> {
  const block = new Uint8Array(BLOCK);
  let filled = 0;
  let isWanted = true;
  const fill = (piece: Uint8Array): boolean => {
    for (let at = 0; at < piece.length && isWanted; ) {
      const part = piece.subarray(at, at + BLOCK - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < BLOCK) continue;
      isWanted = take(block);
      filled = 0;
    }
    return isWanted;
  };
  await readEntryData(image, entry, fill, ports);
  if (isWanted && filled > 0) take(block.subarray(0, filled));
}
