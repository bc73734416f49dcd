/** What the recipe places, and the layout that it asks for, as claims. */
import type { Entry } from "../../core/entry.ts";
import type { TargetPath } from "../../core/path.ts";
import { because, type Closing } from "../closing.ts";
import type { Includer } from "../include.ts";
import { recipeNode } from "../references.ts";
import type { SettledPlacement } from "./layer-roots.ts";
import type { Placement } from "./place.ts";

/** As make-initrd.sh begins: empty. */
const MAKE_INITRD_DIRECTORIES: readonly TargetPath[] = ["dev", "proc", "sys"] as TargetPath[];

export function claimLayout(closing: Closing): void {
  const by = recipeNode("layout");
  closing.graph.addNode(by, { kind: "recipe", at: null, label: "layout: make-initrd" });
  for (const path of MAKE_INITRD_DIRECTORIES) {
    closing.claim({ kind: "directory", path, mode: 0o755, uid: 0, gid: 0 }, by, null, true);
  }
}

/** With the symlinks of the sysroot's layout that lead there, and what it leads to itself. */
export function claimPlacement(placement: SettledPlacement, closing: Closing, includer: Includer): void {
  const { path, facts, by, at, layout, isImplied } = placement;
  const node = closing.addFileNode(path);
  closing.addEdge(because(by, "named"), node);
  includer.includeLayout(layout, node);
  closing.refuseUncarried(path, facts, node);
  closing.claim(entryOf(placement, closing), node, at, isImplied);
  if (facts.kind === "symlink") includer.followPlacedSymlink(path);
}

function entryOf(placement: Placement, closing: Closing): Entry {
  const { path, facts, uid, gid, to, source } = placement;
  const owned = { path, mode: facts.mode, uid, gid };
  switch (facts.kind) {
    case "symlink":
      return { kind: "symlink", ...owned, to: to! };
    case "file":
      return { ...closing.fileEntry(path, facts, source!), uid, gid };
    case "directory":
      return { kind: "directory", ...owned };
    default:
      return { kind: facts.kind, ...owned, major: facts.major, minor: facts.minor };
  }
}
