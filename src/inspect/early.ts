/**
 * Archives that a recipe puts in front of its own: each must be one that the kernel reads to its end, for
 * an error in it would lose everything behind it.
 */
import type { Digest } from "../core/digest.ts";
import type { Entry } from "../core/entry.ts";
import type { ByteString, HostPath, TargetPath } from "../core/path.ts";
import { BuildFailure, type Problem } from "../core/problem.ts";
import type { Span } from "../core/span.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { expandGlob } from "../trees/glob.ts";
import { digestOfSource } from "../trees/open-source.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { requireBootable } from "./bootable.ts";
import { kindOfMode, placeOf, readImageFile } from "./list-image.ts";
import type { ImageContents, MemberKind } from "./read-image.ts";
import type { InspectPorts } from "./unpack-member.ts";

/** What a recipe says: a file, or a pattern for several. */
export interface EarlyFile {
  readonly at: Span;
  readonly path: HostPath;
  readonly isGlob: boolean;
}

export interface EarlyEntry {
  readonly path: TargetPath;
  readonly kind: Entry["kind"];
  /** A symlink's target; null for all others. */
  readonly to: ByteString | null;
}

export interface EarlySegment {
  readonly path: HostPath;
  /** Bytes of the file, and their digest: the file is read again when the image is written. */
  readonly size: number;
  readonly digest: Digest;
  /** How its first member is kept, and its last, which decides what may follow. */
  readonly kind: MemberKind;
  readonly lastKind: MemberKind;
  readonly entries: readonly EarlyEntry[];
  readonly at: Span;
}

/**
 * The segments of a recipe's `prepend`, in its order, the files of a pattern in byte order.
 * Throws BuildFailure with every image/prepend-not-found, image/bad-prepend and image/decompressor-not-found.
 */
export async function checkEarly(files: readonly EarlyFile[], ports: InspectPorts): Promise<EarlySegment[]> {
  const problems: Problem[] = [];
  const segments: EarlySegment[] = [];
  for (const file of files) {
    for (const path of pathsOf(file, ports, problems)) {
      try {
        segments.push(await checkOne(path, file.at, ports));
      } catch (error) {
        if (!(error instanceof BuildFailure)) throw error;
        problems.push(...error.problems.map((problem) => asPrepend(problem, file.at)));
      }
    }
  }
  if (problems.length > 0) throw new BuildFailure(problems);
  return segments;
}

function pathsOf({ at, path, isGlob }: EarlyFile, { host }: InspectPorts, problems: Problem[]): HostPath[] {
  const machine = new PathResolver(host.tree("/" as HostPath));
  const inTree = path.slice(1) as TargetPath;
  const found = isGlob ? expandGlob(inTree, machine) : machine.resolve(path).facts ? [inTree] : [];
  const paths = found.map((one) => `/${one}` as HostPath);
  if (paths.length === 0) problems.push({ code: "image/prepend-not-found", at, path });
  return paths;
}

async function checkOne(path: HostPath, at: Span, ports: InspectPorts): Promise<EarlySegment> {
  const entries: EarlyEntry[] = [];
  const visitor = {
    entry: (entry: CpioEntry) => {
      const kind = kindOfMode(entry.mode);
      if (kind !== null) entries.push({ path: placeOf(entry), kind, to: entry.to });
    },
  };
  const contents = await readImageFile(path, visitor, ports);
  refuseWrapped(contents, path);
  const { first, last } = requireBootable(contents, path);
  return { path, ...digestOfSource(path, ports.host), kind: first, lastKind: last, entries, at };
}

function refuseWrapped({ wrapper }: ImageContents, path: HostPath): void {
  if (wrapper === null) return;
  const what = { fit: "a FIT image", uInitrd: "a uInitrd", uki: "a unified kernel image" }[wrapper.kind];
  const why = `${what}; the kernel reads none, only boot loaders do`;
  throw new BuildFailure([{ code: "image/unreadable", path, offset: 0, why }]);
}

function asPrepend(problem: Problem, at: Span): Problem {
  if (problem.code !== "image/unreadable") return problem;
  return { ...problem, code: "image/bad-prepend", at };
}
