/** An open file with other bytes at some places, however it is read. */
import type { Rewrite } from "./entry.ts";
import type { HostPath } from "./path.ts";
import type { OpenFile } from "./ports.ts";
import { BuildFailure } from "./problem.ts";

/** `rewrites`: in the order of their places, none over another. Reading throws host/file-changed where the file is another. */
export function openRewritten(file: OpenFile, rewrites: readonly Rewrite[], path: HostPath): OpenFile {
  return {
    get size() {
      return file.size;
    },
    read: (into, position) => {
      const length = file.read(into, position);
      for (let next = firstAt(rewrites, position); next < rewrites.length; next++) {
        const rewrite = rewrites[next]!;
        if (rewrite.at >= position + length) break;
        if (!exchange(into.subarray(0, length), rewrite, rewrite.at - position))
          throw new BuildFailure([{ code: "host/file-changed", path }]);
      }
      return length;
    },
    versionNow: () => file.versionNow(),
    close: () => file.close(),
  };
}

/** The same in bytes that begin where the file does. */
export function rewriteBytes(bytes: Uint8Array, rewrites: readonly Rewrite[]): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (const rewrite of rewrites) exchange(copy, rewrite, rewrite.at);
  return copy;
}

/** As much of it as lies in the bytes; false where they do not hold what was there. */
function exchange(bytes: Uint8Array, { was, now }: Rewrite, at: number): boolean {
  const end = Math.min(was.length, bytes.length - at);
  for (let index = Math.max(0, -at); index < end; index++) {
    if (bytes[at + index] !== was.charCodeAt(index)) return false;
    bytes[at + index] = now.charCodeAt(index);
  }
  return true;
}

/** The first that ends behind a position. */
function firstAt(rewrites: readonly Rewrite[], position: number): number {
  let [low, high] = [0, rewrites.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { at, was } = rewrites[middle]!;
    if (at + was.length <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
