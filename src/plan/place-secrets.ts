/** Where the secrets of a recipe stand in the image, behind all else. */
import type { Entry, FileEntry } from "../core/entry.ts";
import type { ByteString } from "../core/path.ts";
import type { ProblemCollector } from "../core/problem.ts";
import type { SecretProblem } from "../core/problems/secrets.ts";
import type { Span } from "../core/span.ts";
import { CPIO_TYPE } from "../formats/cpio.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import type { EarlySegment } from "../inspect/early.ts";
import { type Obstacle, type OverlayEntry, overlayOn } from "../inspect/overlay.ts";
import { UnpackedTree } from "../inspect/unpacked-tree.ts";
import type { SecretItem } from "../spec/spec.ts";
import { limitProblems } from "./limits.ts";

export type PlannedSecret = OverlayEntry<SecretItem>;

/** `entries` as they are unpacked, behind the early ones. */
export function placeSecrets(
  secrets: readonly SecretItem[],
  entries: Iterable<Entry>,
  early: readonly EarlySegment[],
  problems: ProblemCollector,
): readonly PlannedSecret[] {
  if (secrets.length === 0) return [];
  const tree = new UnpackedTree([]);
  for (const segment of early)
    for (const { path, kind, to } of segment.entries) tree.add(nameOnly(path, kind, to), 0);
  for (const entry of entries)
    tree.add(nameOnly(entry.path, entry.kind, entry.kind === "symlink" ? entry.to : null), 0);
  const overlay = overlayOn(secrets, tree);
  for (const obstacle of overlay.obstacles) problems.add(problemOf(obstacle));
  for (const problem of limitProblems(overlay.entries.map(({ path }) => unreadFile(path))))
    problems.add(problem);
  return overlay.entries;
}

export function problemOf({ item, path, at, found }: Obstacle<{ readonly at: Span | null }>): SecretProblem {
  if (at === path) return { code: "secrets/path-taken", at: item.at, path, found };
  return { code: "secrets/below-no-directory", at: item.at, path, parent: at, found };
}

/** An entry as far as it decides where others land. */
function nameOnly(path: ByteString, kind: Entry["kind"], to: ByteString | null): CpioEntry {
  const numbers = { ino: 0, uid: 0, gid: 0, nlink: 1, mtime: 0, size: 0, devMajor: 0, devMinor: 0 };
  const others = { rdevMajor: 0, rdevMinor: 0, nameSize: path.length + 1, check: 0, offset: 0 };
  return { ...numbers, ...others, mode: CPIO_TYPE[kind], name: path, to };
}

/** For the limits of names: how long a secret is does not matter to them. */
function unreadFile(path: FileEntry["path"]): FileEntry {
  const source = { from: "recipe", bytes: new Uint8Array(0) } as const;
  return { kind: "file", path, mode: 0, uid: 0, gid: 0, size: 0, content: null, source };
}
