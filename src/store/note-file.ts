/**
 * A file in which one build leaves word for the next: what it is (one line), a body, and the SHA-256 of both. It is
 * replaced as a whole; one that is old, cut short or of another kind is as good as none.
 */
import { readFileSync, statSync } from "node:fs";
import { errnoOf } from "./cache-error.ts";
import { replaceFile } from "./replace-file.ts";
import { SUM_BYTES, sumOf } from "./sum.ts";

/** Older ones are not believed, so that every piece of an image is used once a day in the eyes of `cache gc`. */
export const MOST_AGE_MS = 24 * 3600_000;

/** The body; null: there is none that can be believed. `title` ends with a newline. */
export function readNote(file: string, title: string, nowMs: number): Buffer | null {
  const bytes = readYoung(file, nowMs);
  if (bytes === null || bytes.toString("latin1", 0, title.length) !== title) return null;
  const end = Math.max(title.length, bytes.length - SUM_BYTES);
  return sumOf(bytes.subarray(0, end)).equals(bytes.subarray(end)) ? bytes.subarray(title.length, end) : null;
}

/** What cannot be written is not kept: the next build finds out by itself. `owner`: whose process writes. */
export function writeNote(file: string, title: string, body: readonly Uint8Array[], owner: string): void {
  const pieces = [Buffer.from(title, "latin1"), ...body];
  replaceFile(file, [...pieces, sumOf(...pieces)], owner);
}

function readYoung(file: string, nowMs: number): Buffer | null {
  try {
    const age = nowMs - Math.floor(statSync(file).mtimeMs); // `nowMs` has no parts of a millisecond
    return age < 0 || age > MOST_AGE_MS ? null : readFileSync(file);
  } catch (error) {
    if (errnoOf(error) !== null) return null;
    throw error;
  }
}
