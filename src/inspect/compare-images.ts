/**
 * Where two images first differ, in the terms of what a kernel would unpack: an entry that only one has, an entry that is not
 * the same in both, and only then the bytes around them. Both are read as streams, whoever made them and however they
 * are compressed or wrapped.
 */
import type { HostPath, TargetPath } from "../core/path.ts";
import type { Host } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { firstDifferentByte } from "./different-byte.ts";
import { type DigestedEntry, type DigestedImage, digestImage } from "./image-entries.ts";
import { kindOfMode, openImage, placeOf } from "./list-image.ts";
import type { Member } from "./read-image.ts";
import type { InspectPorts } from "./unpack-member.ts";
import type { Wrapper } from "./wrapper.ts";

export type ImageDifference =
  | { readonly kind: "missing"; readonly in: "first" | "second"; readonly path: TargetPath }
  | { readonly kind: "entry"; readonly path: TargetPath; readonly facts: readonly FactDifference[] }
  /** `path` is the first that stands elsewhere. */
  | { readonly kind: "order"; readonly path: TargetPath }
  /** Neither can be read as an image. */
  | { readonly kind: "bytes"; readonly offset: number }
  | PackingDifference;

export interface FactDifference {
  readonly fact:
    | "kind"
    | "mode"
    | "uid"
    | "gid"
    | "links"
    | "mtime"
    | "device"
    | "size"
    | "target"
    | "content";
  readonly first: string;
  readonly second: string;
  /** Of the content: where it begins to differ. */
  readonly offset: number | null;
}

/** The same entries in other bytes. */
export interface PackingDifference {
  readonly kind: "packing";
  /** Of the first byte that is another. */
  readonly offset: number;
  readonly first: PackedPlace;
  readonly second: PackedPlace;
  /** The first entry of another inode number, which the kernel sees and forgets; null: there is none. */
  readonly inode: TargetPath | null;
}

/** What stands at a place of an image's file. */
export interface PackedPlace {
  readonly size: number;
  readonly wrapper: Wrapper["kind"] | null;
  /** Counted from 0; null: no member does, but what is wrapped around them, or zeros. */
  readonly member: number | null;
  readonly memberKind: Member["kind"] | null;
}

/** Null: byte for byte the same. Throws what `listImage` throws, of either. */
export async function compareImages(
  first: HostPath,
  second: HostPath,
  ports: InspectPorts,
): Promise<ImageDifference | null> {
  const offset = await differentByteOf(first, second, ports.host);
  if (offset === null) return null;
  const [one, other] = [await digestIfRead(first, ports), await digestIfRead(second, ports)];
  if (one instanceof BuildFailure && other instanceof BuildFailure) return { kind: "bytes", offset };
  if (one instanceof BuildFailure) throw one;
  if (other instanceof BuildFailure) throw other;
  const images = [one, other] as const;
  return (await differentEntry(images, ports)) ?? packingDifference(images, offset, ports.host);
}

/** A failure: it is no image that can be read here. */
async function digestIfRead(path: HostPath, ports: InspectPorts): Promise<DigestedImage | BuildFailure> {
  try {
    return await digestImage(path, ports);
  } catch (error) {
    const isUnreadable = error instanceof BuildFailure && error.problems[0]?.code === "image/unreadable";
    if (!isUnreadable) throw error;
    return error;
  }
}

type Two = readonly [first: DigestedImage, second: DigestedImage];

async function differentEntry([first, second]: Two, ports: InspectPorts): Promise<ImageDifference | null> {
  const [ours, theirs] = [keyed(first.entries), keyed(second.entries)];
  const there = [...theirs.keys()];
  let moved: TargetPath | null = null;
  for (const [at, [key, entry]] of [...ours].entries()) {
    const other = theirs.get(key);
    const beside = there[at];
    if (other === undefined) return { kind: "missing", in: "second", path: placeOf(entry) };
    if (beside !== undefined && beside !== key && !ours.has(beside))
      return { kind: "missing", in: "first", path: placeOf(theirs.get(beside)!) };
    const facts = await differentFacts([first, entry], [second, other], ports);
    if (facts.length > 0) return { kind: "entry", path: placeOf(entry), facts };
    if (beside !== key) moved ??= placeOf(entry);
  }
  const extra = there.find((key) => !ours.has(key));
  if (extra !== undefined) return { kind: "missing", in: "first", path: placeOf(theirs.get(extra)!) };
  return moved === null ? null : { kind: "order", path: moved };
}

/** By where the kernel puts them; of several at one place by their number. */
function keyed(entries: readonly DigestedEntry[]): Map<string, DigestedEntry> {
  const counts = new Map<string, number>();
  const all = new Map<string, DigestedEntry>();
  for (const entry of entries) {
    const place = placeOf(entry);
    const count = counts.get(place) ?? 0;
    counts.set(place, count + 1);
    all.set(`${place}\0${count}`, entry);
  }
  return all;
}

type InImage = readonly [image: DigestedImage, entry: DigestedEntry];

async function differentFacts(
  first: InImage,
  second: InImage,
  ports: InspectPorts,
): Promise<FactDifference[]> {
  const [a, b] = [factsOf(first[1]), factsOf(second[1])];
  const facts = (Object.keys(a) as (keyof typeof a)[]).flatMap((fact): FactDifference[] =>
    a[fact] === b[fact] ? [] : [{ fact, first: a[fact], second: b[fact], offset: null }],
  );
  const [{ digest: one }, { digest: other }] = [first[1], second[1]];
  // Where one has none, its size has told.
  if (one === other || one === null || other === null) return facts;
  const offset = await firstDifferentByte(first, second, ports);
  return [...facts, { fact: "content", first: "", second: "", offset }]; // a digest might be a secret's
}

/** What the kernel makes of an entry, and its times and links, which it may keep. */
function factsOf(entry: DigestedEntry) {
  const { mode, uid, gid, nlink, mtime, size, rdevMajor, rdevMinor, to } = entry;
  return {
    kind: kindOfMode(mode) ?? (mode & 0o170000).toString(8),
    mode: (mode & 0o7777).toString(8).padStart(4, "0"),
    uid: String(uid),
    gid: String(gid),
    links: String(nlink),
    mtime: String(mtime),
    device: `${rdevMajor}:${rdevMinor}`,
    size: String(to === null ? size : 0),
    target: to ?? "",
  } satisfies Partial<Record<FactDifference["fact"], string>>;
}

function packingDifference(
  [first, second]: Two,
  offset: number,
  host: Pick<Host, "tree">,
): PackingDifference {
  const other = first.entries.find((entry, at) => entry.ino !== second.entries[at]?.ino);
  return {
    kind: "packing",
    offset,
    first: placeIn(first, offset, host),
    second: placeIn(second, offset, host),
    inode: other === undefined ? null : placeOf(other),
  };
}

function placeIn(
  { path, wrapper, members }: DigestedImage,
  at: number,
  host: Pick<Host, "tree">,
): PackedPlace {
  const number = members.findIndex(({ offset, size }) => at >= offset && at < offset + size);
  return {
    size: sizeOf(path, host),
    wrapper: wrapper?.kind ?? null,
    member: number === -1 ? null : number,
    memberKind: members[number]?.kind ?? null,
  };
}

function sizeOf(path: HostPath, host: Pick<Host, "tree">): number {
  const source = openImage(path, host);
  source.close();
  return source.size;
}

const PIECE = 2 ** 20;

/** Where two files first differ, or the shorter one ends; null: nowhere. */
async function differentByteOf(
  first: HostPath,
  second: HostPath,
  host: Pick<Host, "tree">,
): Promise<number | null> {
  const a = openImage(first, host);
  try {
    const b = openImage(second, host);
    try {
      const end = Math.min(a.size, b.size);
      for (let at = 0; at < end; at += PIECE) {
        const [one, other] = [a, b].map((source) => Buffer.from(source.read(at, PIECE)));
        if (one!.equals(other!)) continue;
        const within = one!.findIndex((byte, index) => byte !== other![index]);
        return at + (within === -1 ? one!.length : within);
      }
      return a.size === b.size ? null : end;
    } finally {
      b.close();
    }
  } finally {
    a.close();
  }
}
