/**
 * What a build looked at and what it made, so that the next one need only look again. One file for a build:
 *
 *     "initgraph build 1\n"    what it is
 *     one line of JSON         all but the paths
 *     paths                    of each tree in turn, one character a byte, a NUL behind each; a listed directory's has a "/" before it
 *     32 bytes                 SHA-256 of all before
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { decodeUtf8, type HostPath } from "../core/path.ts";
import { errnoOf } from "./cache-error.ts";

const MAGIC = "initgraph build 1\n";
const SUM_BYTES = 32;
export const BUILDS = "builds-v1";
/** Older ones are not believed, so that every piece of an image is used once a day in the eyes of `cache gc`. */
export const MOST_AGE_MS = 24 * 3600_000;

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
  try {
    const file = fileOf(cache, key);
    const age = nowMs - statSync(file).mtimeMs;
    return age < 0 || age > MOST_AGE_MS ? null : decode(readFileSync(file));
  } catch (error) {
    if (errnoOf(error) !== null || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What cannot be written is not kept: the next build looks at everything by itself. */
export function writeBuildRecord(cache: HostPath, key: string, record: BuildRecord, owner: string): void {
  const file = fileOf(cache, key);
  const temporary = `${file}.${owner}`;
  try {
    mkdirSync(file.slice(0, file.lastIndexOf("/")), { mode: 0o700, recursive: true });
    writeFileSync(temporary, encode(record), { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    rmSync(temporary, { force: true });
  }
}

function fileOf(cache: HostPath, key: string): string {
  return `${decodeUtf8(cache) ?? ""}/${BUILDS}/${key}`;
}

function encode({ trees, ...rest }: BuildRecord): Uint8Array {
  const blobs = trees.map(({ paths }) => Buffer.from(paths.map((path) => `${path}\0`).join(""), "latin1"));
  const roots = trees.map(({ root }, at) => ({ root, bytes: blobs[at]!.length }));
  const head = Buffer.from(`${MAGIC}${JSON.stringify({ roots, ...rest })}\n`);
  const body = Buffer.concat([head, ...blobs]);
  return Buffer.concat([body, sumOf(body)]);
}

function decode(file: Buffer): BuildRecord | null {
  const body = file.subarray(0, Math.max(0, file.length - SUM_BYTES));
  if (file.toString("latin1", 0, MAGIC.length) !== MAGIC || !sumOf(body).equals(file.subarray(body.length))) {
    return null;
  }
  const headEnd = body.indexOf("\n", MAGIC.length) + 1;
  const { roots, ...rest } = JSON.parse(body.toString("utf8", MAGIC.length, headEnd)) as Omit<
    BuildRecord,
    "trees"
  > & { readonly roots: readonly { readonly root: string; readonly bytes: number }[] };
  let at = headEnd;
  const trees = roots.map(({ root, bytes }) => {
    const text = body.toString("latin1", at, at + bytes);
    at += bytes;
    return { root, paths: text.split("\0").slice(0, -1) };
  });
  return { trees, ...rest };
}

function sumOf(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest();
}
