/** A file of the cache that is whole or as it was before. */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { errnoOf } from "./cache-error.ts";

/** Written piece by piece beside its place. What cannot be written is not kept. `owner`: whose process writes. */
export function replaceFile(file: string, pieces: readonly Uint8Array[], owner: string): void {
  const temporary = `${file}.${owner}`;
  try {
    mkdirSync(dirname(file), { mode: 0o700, recursive: true });
    writePieces(temporary, pieces);
    renameSync(temporary, file);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    removeQuietly(temporary);
  }
}

function writePieces(file: string, pieces: readonly Uint8Array[]): void {
  const descriptor = openSync(file, "w", 0o600);
  try {
    for (const piece of pieces) writeFileSync(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}

/** What could not be written may be there all the same. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    if (errnoOf(error) === null) throw error;
  }
}
