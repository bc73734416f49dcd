/** A finished image's lock, and what differs between two. Pure: who asks decides what follows from it. */
import type { Digest } from "../core/digest.ts";
import { type FileEntry, type TreeName, treeSourceOf } from "../core/entry.ts";
import { LOCKED_PLACES, type Lock, type LockedPlace } from "../core/lock.ts";
import {
  type ByteString,
  decodeUtf8,
  type HostPath,
  nameOf,
  relativeHostPath,
  showBytes,
  type TargetPath,
} from "../core/path.ts";
import type { LockDrift } from "../core/problems/lock.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { Spec } from "../spec/spec.ts";
import { plannedEntries } from "./entries.ts";
import { renamedPaths } from "./originals.ts";
import type { Cause, Plan } from "./plan.ts";

export interface Locked {
  readonly spec: Pick<Spec, "digest" | "directory" | "base">;
  readonly plan: Plan;
  /** Of the files that were read for their layers. */
  readonly contents: ReadonlyMap<FileEntry, Digest>;
  readonly early: readonly EarlySegment[];
  /** Files that go into one file with the image: kernels, device trees. */
  readonly beside: readonly BesideInput[];
  readonly compressor: Lock["compressor"];
  readonly image: Lock["image"];
}

export interface BesideInput extends TreePlace {
  readonly digest: Digest;
}

interface TreePlace {
  readonly in: TreeName;
  readonly inTree: TargetPath;
}

export function lockOf({ spec, plan, contents, early, beside, compressor, image }: Locked): Lock {
  const inputs = { sysroot: new Map(), store: new Map(), host: new Map(), prepend: new Map() };
  const originals = new Map<string, string>();
  const renamed = renamedPaths(plan);
  for (const { entry } of plannedEntries(plan)) {
    const place = entry.kind === "file" ? placeOf(entry, spec, renamed) : null;
    if (place === null || entry.kind !== "file") continue;
    inputs[place.in].set(place.name, contents.get(entry) ?? entry.content);
    if (place.was !== place.name) originals.set(storeName(place.name), storeName(place.was));
  }
  for (const { digest, ...place } of beside) inputs[place.in].set(nameInTree(place, spec), digest);
  // Two of one name in two directories are told apart by their order.
  for (const [at, { path, digest }] of early.entries())
    inputs.prepend.set(`${at + 1} ${textOf(nameOf(path))}`, digest);
  return { recipe: spec.digest, compressor, inputs, originals, image };
}

/** A tree that was exchanged has moved with all its files; nobody reads more than these. */
const MOST_TOLD = 10;

/** Everything that moved, inputs in the order of their names; empty: the two are the same. */
export function driftBetween(was: Lock, is: Lock, plan: Plan, at: DriftPlace): LockDrift[] {
  const { lock } = at;
  const drift: LockDrift[] = [];
  if (was.recipe !== is.recipe)
    drift.push({ code: "lock/recipe-moved", lock, was: was.recipe, is: is.recipe });
  if (was.compressor.join("\0") !== is.compressor.join("\0"))
    drift.push({ code: "lock/compressor-moved", lock, was: was.compressor, is: is.compressor });
  const moved = movedInputs(was, is);
  const causes = moved.length === 0 ? new Map<string, Cause | null>() : causesByPlace(plan, at);
  for (const { place, name, before, now } of moved.slice(0, MOST_TOLD)) {
    const because = now === null ? "" : showCause(causes.get(`${place} ${name}`) ?? null);
    drift.push({ code: "lock/input-moved", lock, place, name, was: before, is: now, because });
  }
  const count = moved.length - MOST_TOLD;
  if (count > 0) drift.push({ code: "lock/others-moved", lock, count });
  const isMoved = was.image.digest !== is.image.digest || was.image.file !== is.image.file;
  if (drift.length === 0 && isMoved)
    drift.push({ code: "lock/image-moved", lock, was: was.image.digest, is: is.image.digest });
  return drift;
}

interface MovedInput {
  readonly place: LockedPlace;
  readonly name: string;
  readonly before: Digest | null;
  readonly now: Digest | null;
}

function movedInputs(was: Lock, is: Lock): MovedInput[] {
  return LOCKED_PLACES.flatMap((place) => {
    const [old, current] = [was.inputs[place], is.inputs[place]];
    const names = [...new Set([...old.keys(), ...current.keys()])].sort();
    const all = names.map((name) => ({
      place,
      name,
      before: old.get(name) ?? null,
      now: current.get(name) ?? null,
    }));
    return all.filter(({ before, now }) => before !== now);
  });
}

/** See Spec. */
type RecipePlace = Pick<Spec, "directory" | "base">;

export interface DriftPlace extends RecipePlace {
  /** The lock's file, for messages. */
  readonly lock: string;
}

/** What a file is called in a lock, and where it lies in its tree; null: it stands in the recipe itself. */
function placeOf(
  { source }: FileEntry,
  { directory, base }: RecipePlace,
  renamed: (path: TargetPath) => TargetPath,
): { in: LockedPlace; name: string; was: string } | null {
  const file = treeSourceOf(source);
  if (file === null) return null;
  const { tree, path } = file;
  const was = nameInTree({ in: tree, inTree: path }, { directory, base });
  // What is made of contents alone must not be told by the names that building gave them.
  return { in: tree, name: tree === "store" ? `/${textOf(renamed(path))}` : was, was };
}

/** `/<hash>-<name>` of a path in the store. */
function storeName(path: string): string {
  return path.slice(0, `${path}/`.indexOf("/", 1));
}

function nameInTree({ in: tree, inTree }: TreePlace, at: RecipePlace): string {
  return tree === "host" ? hostName(`/${inTree}` as HostPath, at) : `/${textOf(inTree)}`;
}

function hostName(path: HostPath, { directory, base }: RecipePlace): string {
  // Recipes that lie far apart have only the root in common: that says nothing of what lies beside them.
  const near = base === "/" ? directory : base;
  const isBeside = path.startsWith(near === "/" ? "/" : `${near}/`);
  return textOf(isBeside ? relativeHostPath(path, directory) : path);
}

/** One that is no text comes readable, with its bytes behind it: no two are the same. */
function textOf(bytes: string): string {
  return (
    decodeUtf8(bytes) ?? `${showBytes(bytes as ByteString)} ${Buffer.from(bytes, "latin1").toString("hex")}`
  );
}

function causesByPlace(plan: Plan, at: RecipePlace): Map<string, Cause | null> {
  const causes = new Map<string, Cause | null>();
  const renamed = renamedPaths(plan);
  for (const { entry, because } of plannedEntries(plan)) {
    const place = entry.kind === "file" ? placeOf(entry, at, renamed) : null;
    if (place !== null) causes.set(`${place.in} ${place.name}`, because);
  }
  return causes;
}

function showCause(cause: Cause | null): string {
  if (cause === null || cause.from === undefined) return "";
  return `${cause.reason ?? "named"}${cause.says ? ` ${cause.says}` : ""} by ${cause.from}`;
}
