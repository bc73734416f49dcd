/** A recipe's image and all that it was made of: what is asked why something is not in it. */
import type { ElfMachine } from "../core/arch.ts";
import type { TreeName } from "../core/entry.ts";
import { treeSourceOf } from "../core/entry.ts";
import { nameOf, type TargetPath } from "../core/path.ts";
import type { InputMemory, Tree } from "../core/ports.ts";
import type { Warning } from "../core/warning.ts";
import type { ElfFile } from "../formats/elf.ts";
import { type FileKind, FileScanner } from "../graph/scan-file.ts";
import { finalEntries } from "../plan/entries.ts";
import type { Plan } from "../plan/plan.ts";
import type { Spec } from "../spec/spec.ts";
import type { TracedTree } from "../trace/traced-tree.ts";
import { PathResolver } from "../trees/resolve-path.ts";

export interface BuiltParts {
  readonly spec: Spec;
  readonly plan: Plan;
  readonly warnings: readonly Warning[];
  readonly machine: ElfMachine | null;
  readonly tree: TracedTree;
  readonly trees: Readonly<Record<TreeName, Tree>>;
  readonly memory: InputMemory;
}

export interface BuiltImage extends BuiltParts {
  readonly sysroot: PathResolver;
  readonly store: PathResolver;
  /** What a file of the sysroot is; it is looked into once. */
  readonly kindOf: (path: TargetPath) => FileKind;
  /** Programs and libraries of the image that come of a tree. */
  readonly elves: () => readonly ElfOfImage[];
}

export interface ElfOfImage {
  readonly path: TargetPath;
  readonly elf: ElfFile;
}

export function examineImage(parts: BuiltParts): BuiltImage {
  const { plan, trees, memory } = parts;
  const scanners = new Map<TreeName, FileScanner>();
  const kindIn = (tree: TreeName, path: TargetPath): FileKind => {
    const known =
      scanners.get(tree) ?? new FileScanner(trees[tree], () => {}, memory.of(trees[tree].identity));
    scanners.set(tree, known);
    return known.kindOf(path);
  };
  let elves: ElfOfImage[] | null = null;
  const findElves = (): ElfOfImage[] => {
    return [...finalEntries(plan)].flatMap(({ entry }) => {
      if (entry.kind !== "file" || !mayRefer(entry)) return [];
      const source = treeSourceOf(entry.source);
      const kind = source === null ? null : kindIn(source.tree, source.path);
      return kind?.kind === "elf" ? [{ path: entry.path, elf: kind.elf }] : [];
    });
  };
  return {
    ...parts,
    sysroot: new PathResolver(trees.sysroot),
    store: new PathResolver(trees.store),
    kindOf: (path) => kindIn("sysroot", path),
    elves: () => {
      elves ??= findElves();
      return elves;
    },
  };
}

/** Only those are worth a look: what is neither run nor called as libraries are is data. */
export function mayRefer({ path, mode, size }: { path: TargetPath; mode: number; size: number }): boolean {
  return size > 2 && ((mode & 0o111) !== 0 || /\.so(\.|$)/.test(nameOf(path)));
}
