/** What lies at a path of an unpacked image. */
import type { ByteString } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";

/** One entry of an image, by the member that holds it and its offset there. */
export interface RecordPlace {
  readonly member: number;
  readonly offset: number;
}

/** A file, a symlink, or whatever else a path leads to; several paths lead to one with hard links. */
export interface UnpackedNode extends Readonly<Omit<Node, "names">> {}

/** As the tree changes it. */
export interface Node {
  readonly kind: FileFacts["kind"];
  mode: number;
  uid: number;
  gid: number;
  /** Seconds since 1970; null: no entry made it, it was there before. */
  mtime: number | null;
  size: number;
  readonly major: number;
  readonly minor: number;
  /** Null: it has no data. */
  data: RecordPlace | null;
  readonly to: ByteString;
  /** Those in a directory. */
  readonly names: Set<ByteString>;
  /** How many paths lead to it, as hard links. */
  paths: number;
}

const NO_NAMES: Node["names"] = new Set();
export const NO_FACTS = { mode: 0o755, uid: 0, gid: 0, mtime: null, rdevMajor: 0, rdevMinor: 0, to: null };

type EntryFacts = Pick<CpioEntry, Exclude<keyof typeof NO_FACTS, "mtime">> & {
  readonly mtime: number | null;
};

export function nodeOf(kind: FileFacts["kind"], facts: EntryFacts): Node {
  return {
    kind,
    // Linux gives every symlink these.
    mode: kind === "symlink" ? 0o777 : facts.mode & 0o7777,
    uid: facts.uid,
    gid: facts.gid,
    mtime: facts.mtime,
    size: 0,
    major: facts.rdevMajor,
    minor: facts.rdevMinor,
    data: null,
    to: facts.to ?? ("" as ByteString),
    names: kind === "directory" ? new Set() : NO_NAMES,
    paths: 0,
  };
}
