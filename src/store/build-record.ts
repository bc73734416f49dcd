/**
 * What a build looked at and what it made, so that the next one need only look again: one line of JSON with all but
 * the paths; then those of each tree in turn, one character a byte, a NUL behind each. A listed directory's path has
 * a "/" before it.
 */
import { decodeUtf8, type HostPath } from "../core/path.ts";
import { readNote, writeNote } from "./note-file.ts";
import { encodePaths } from "./path-list.ts";

const TITLE = "initgraph build 1\n";
export const BUILDS = "builds-v1";

export interface BuildRecord {
  readonly trees: readonly { readonly root: string; readonly paths: readonly string[] }[];
  /** SHA-256 of how all those paths looked, hexadecimal. */
  readonly looks: string;
  readonly programs: readonly (readonly [name: string, path: string | null])[];
  /** The files that the build wrote, and how they look. */
  readonly outputs: readonly { readonly path: string; readonly look: readonly number[] }[];
  /** What it said when it was done: JSON. */
  readonly summary: unknown;
}

/** Null: there is none, or none that can be believed. `key` names the build: 64 hexadecimal digits. */
export function readBuildRecord(cache: HostPath, key: string, nowMs: number): BuildRecord | null {
  const body = readNote(fileOf(cache, key), TITLE, nowMs);
  return body === null ? null : decode(body);
}

export function writeBuildRecord(cache: HostPath, key: string, record: BuildRecord, owner: string): void {
  writeNote(fileOf(cache, key), TITLE, encode(record), owner);
}

function fileOf(cache: HostPath, key: string): string {
  return `${decodeUtf8(cache) ?? ""}/${BUILDS}/${key}`;
}

function encode({ trees, ...rest }: BuildRecord): Uint8Array[] {
  const blobs = trees.map(({ paths }) => encodePaths(paths));
  const roots = trees.map(({ root }, at) => ({ root, bytes: blobs[at]!.length }));
  return [Buffer.from(`${JSON.stringify({ roots, ...rest })}\n`), ...blobs];
}

interface Head extends Omit<BuildRecord, "trees"> {
  readonly roots: readonly { readonly root: string; readonly bytes: number }[];
}

function decode(body: Buffer): BuildRecord {
  const headEnd = body.indexOf("\n") + 1;
  const { roots, ...rest } = JSON.parse(body.toString("utf8", 0, headEnd)) as Head;
  let at = headEnd;
  const trees = roots.map(({ root, bytes }) => {
    const text = body.toString("latin1", at, at + bytes);
    at += bytes;
    return { root, paths: text.split("\0").slice(0, -1) };
  });
  return { trees, ...rest };
}
