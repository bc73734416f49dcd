/**
 * Whether a planned image has something that the kernel would start, by its entries alone: the part of `check` that every build
 * runs, and that reads nothing. What `/init` needs was found when references were closed.
 */
import type { Entry } from "../core/entry.ts";
import { type ByteString, showBytes, showPath, type TargetPath } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import type { PlanWarning } from "../core/warning.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { ImageSpec } from "../spec/image-spec.ts";
import { PathResolver } from "../trees/resolve-path.ts";

export interface PlannedImage {
  /** Of each layer, as they are unpacked. */
  readonly layers: readonly { readonly entries: readonly { readonly entry: Entry }[] }[];
  readonly early: readonly EarlySegment[];
  readonly uki: ImageSpec["uki"];
  /** Whether there is any program: microcode, firmware and other parts of an image have none. */
  readonly hasProgram: boolean;
}

const INIT = "/init" as ByteString;

/** A part of an image is an image too, so this is never an error. */
export function warnOfStart(image: PlannedImage): PlanWarning[] {
  const asked = image.hasProgram ? startOf(image.uki) : null;
  if (asked === null) return [];
  const { path, facts, links } = new PathResolver(treeOf(image)).resolve(asked);
  if (facts === null) {
    const leadsTo = links.length > 0 ? showPath(path) : null;
    return [{ code: "plan/no-init", path: showBytes(asked), leadsTo }];
  }
  if (facts.kind === "file" && (facts.mode & 0o111) !== 0) return [];
  return [{ code: "plan/init-not-executable", path: showPath(path) }];
}

/** What the kernel starts first; null: nobody here can know. */
function startOf(uki: ImageSpec["uki"]): ByteString | null {
  const content = uki?.parts.find(({ part }) => part === "cmdline")?.content;
  if (content === undefined) return INIT;
  if (!("text" in content)) return null;
  const words = content.text.split(" ").filter((word) => word.startsWith("rdinit="));
  return (words.at(-1)?.slice("rdinit=".length) as ByteString | undefined) ?? INIT;
}

/** Few paths are asked for, and entries are many: so no table is made of them. */
function treeOf({ layers, early }: PlannedImage) {
  const find = (path: TargetPath): Entry | null => {
    for (const { entries } of layers.toReversed()) {
      const found = entries.find(({ entry }) => entry.path === path);
      if (found !== undefined) return found.entry;
    }
    return null;
  };
  const findEarly = (path: TargetPath) =>
    early.flatMap(({ entries }) => entries.filter((entry) => entry.path === path)).at(-1) ?? null;
  return {
    stat: (path: TargetPath): FileFacts | null => {
      if (path === "") return factsOf("directory", 0o755);
      const entry = find(path);
      if (entry !== null) return factsOf(entry.kind, entry.mode);
      const there = findEarly(path);
      // Of what is prepended modes are not known.
      return there === null ? null : factsOf(there.kind, 0o755);
    },
    readLink: (path: TargetPath): ByteString => {
      const entry = find(path);
      if (entry?.kind === "symlink") return entry.to;
      return findEarly(path)?.to ?? ("" as ByteString);
    },
  };
}

const NO_MORE = {
  uid: 0,
  gid: 0,
  size: 0,
  major: 0,
  minor: 0,
  fileSystem: 0,
  uncarried: null,
  version: null,
};

function factsOf(kind: FileFacts["kind"], mode: number): FileFacts {
  return { ...NO_MORE, kind, mode };
}
