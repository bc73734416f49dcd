/**
 * `build --explain`: of every segment whether it was reused, and of those that were not, which change made
 * them anew. The change is found by comparing the manifests of the earlier image and of this one.
 */
import type { BuildResult } from "../../carry-out.ts";
import { showSize } from "../text/size.ts";
import type { Manifest, ManifestEntry } from "./manifests.ts";

export interface BuildToExplain {
  readonly result: BuildResult;
  /** By the name of their image. */
  readonly before: ReadonlyMap<string, Manifest>;
  readonly after: ReadonlyMap<string, Manifest>;
}

/** So many changed entries are named; the others are counted. */
const MOST_NAMED = 5;

/** One line for each segment, in the order in which the image has them, and one for the compressor where it changed. */
export function explainBuild({ result, before, after }: BuildToExplain): string[] {
  const { spec, plan, layers, image } = result;
  const earlier = before.get(spec.name) ?? null;
  const now = after.get(spec.name);
  if (now === undefined) return [];
  const isOneStreamNew = image.members.some(({ role, wasReused }) => role === "whole" && !wasReused);
  const lines: string[] = [];
  let from = 0;
  for (const [number, { name, segments }] of layers.entries()) {
    for (const [index, { key, size, wasReused }] of segments.entries()) {
      const count = plan.layers[number]!.segments[index]!.entries.length;
      const entries = now.entries.slice(from, from + count);
      from += count;
      const what = `layer ${name}, segment ${index + 1} of ${segments.length} (${showSize(size)})`;
      if (!wasReused && now.compressor === null && holds(earlier, key))
        lines.push(`${what}: as it was, written anew`);
      else if (!wasReused) lines.push(`${what}: rebuilt, ${reasonOf(entries, { earlier, now, key })}`);
      else if (isOneStreamNew) lines.push(`${what}: compressed anew, ${compressionReason(earlier, now)}`);
      else lines.push(`${what}: reused`);
    }
  }
  return lines;
}

/** The earlier image, this one, and the piece in question. */
export interface Compared {
  readonly earlier: Manifest | null;
  readonly now: Pick<Manifest, "epoch" | "compressor" | "entries">;
  readonly key: string;
}

/** Why a piece of these entries is not the earlier one: "because of /opt/b (content)". */
export function reasonOf(entries: readonly ManifestEntry[], { earlier, now, key }: Compared): string {
  if (earlier === null) return "there is no earlier image here to compare with";
  if (holds(earlier, key)) {
    return isSameCompressor(earlier, now) ? "the cache no longer holds it" : compressionReason(earlier, now);
  }
  if (earlier.epoch !== now.epoch) return `the epoch was ${earlier.epoch} and is ${now.epoch}`;
  const known = new Map(earlier.entries.map((entry) => [idOf(entry), entry]));
  const present = new Set(now.entries.map(idOf));
  const changes = entries.flatMap((entry) => changeOf(known.get(idOf(entry)) ?? null, entry) ?? []);
  const gone = removedAmong(earlier.entries, entries, present).map(
    (entry) => `${showEntry(entry)} (removed)`,
  );
  const all = [...changes, ...gone];
  if (all.length === 0) return "the entries before it moved its borders or its inode numbers";
  const more = all.length > MOST_NAMED ? `, and ${all.length - MOST_NAMED} more` : "";
  return `because of ${all.slice(0, MOST_NAMED).join(", ")}${more}`;
}

export function holds(manifest: Manifest | null, key: string): boolean {
  return manifest?.layers.some((layer) => layer.segments.some((one) => one.key === key)) ?? false;
}

function compressionReason(earlier: Manifest | null, now: Compared["now"]): string {
  if (earlier === null || isSameCompressor(earlier, now)) return "the cache does not hold it";
  return `the compressor was ${earlier.compressor?.name ?? "none"} and is ${now.compressor?.name ?? "none"}, or its arguments or version changed`;
}

function isSameCompressor(earlier: Manifest, now: Compared["now"]): boolean {
  return JSON.stringify(earlier.compressor) === JSON.stringify(now.compressor);
}

/** What differs of an entry: "/bin/x (content)"; null: nothing. */
function changeOf(before: ManifestEntry | null, after: ManifestEntry): string | null {
  if (before === null) return `${showEntry(after)} (new)`;
  const facts = new Set([...Object.keys(before), ...Object.keys(after)]);
  const differing = [...facts].filter(
    (fact) => !UNIMPORTANT.has(fact) && JSON.stringify(before[fact]) !== JSON.stringify(after[fact]),
  );
  if (differing.length === 0) return null;
  const shown = differing
    .map((fact) => SHOWN[fact] ?? fact)
    .filter((name, at, all) => all.indexOf(name) === at);
  return `${showEntry(after)} (${shown.join(", ")})`;
}

/** With the name by which people know it, where its store path was renamed. */
function showEntry({ path, original }: ManifestEntry): string {
  return original === undefined ? path : `${path} <- ${String(original)}`;
}

/** What an entry is stays the same whoever asked for it, and whatever its store path was called. */
const UNIMPORTANT: ReadonlySet<string> = new Set(["because", "layer", "segment", "original"]);
const SHOWN: Readonly<Record<string, string>> = {
  digest: "content",
  size: "content",
  to: "target",
  toBytes: "target",
};

/** Earlier entries that are gone and stood between this segment's first and last. */
function removedAmong(
  earlier: readonly ManifestEntry[],
  entries: readonly ManifestEntry[],
  present: ReadonlySet<string>,
): ManifestEntry[] {
  const ids = new Set(entries.map(idOf));
  const places = earlier.flatMap((entry, at) => (ids.has(idOf(entry)) ? [at] : []));
  const [first, last] = [places[0] ?? 0, places.at(-1) ?? -1];
  // One at the segment's very end stood behind its last entry.
  return earlier.slice(first, last + 2).filter((entry) => !present.has(idOf(entry)));
}

function idOf(entry: ManifestEntry): string {
  return String(entry["pathBytes"] ?? entry.path);
}
