/** Who wants what at a path of the image, in words for problems. */
import type { Entry } from "../core/entry.ts";
import { showBytes, showPath } from "../core/path.ts";
import type { Claimant } from "../core/problems/plan.ts";
import { showPlace } from "../core/span.ts";
import type { Claim } from "../graph/graph.ts";
import type { ReferenceGraph } from "../graph/references.ts";

/** Brings the parents that no tree has. */
export const NO_NODE = "" as Claim["by"];

/** One side of a conflict, for people. */
export function claimant(claim: Claim, references: ReferenceGraph): Claimant {
  return {
    what: describe(claim.entry),
    origin: claim.at ? showPlace(claim.at) : originOf(claim, references),
  };
}

function originOf(claim: Claim, references: ReferenceGraph): string {
  if (claim.by === NO_NODE) return "what lies below it";
  const chain = references.chainTo(claim.by);
  const start = chain[0] ? references.node(chain[0].from) : references.node(claim.by);
  const steps = chain.map(({ to }) => references.node(to)).reverse();
  const shown = steps.map((node) => (node.kind === "recipe" ? node.label : showPath(node.path)));
  const place = start.kind === "recipe" && start.at ? showPlace(start.at) : "the recipe";
  return [...shown, place].join("  <-  ");
}

function describe(entry: Entry): string {
  const mode = `mode ${entry.mode.toString(8).padStart(4, "0")}`;
  switch (entry.kind) {
    case "directory":
      return `a directory (${mode})`;
    case "file":
      return `a file of ${entry.size} ${entry.size === 1 ? "byte" : "bytes"} (${mode})`;
    case "symlink":
      return `a symlink to ${showBytes(entry.to)}`;
    case "char":
    case "block":
      return `a ${entry.kind} device ${entry.major},${entry.minor} (${mode})`;
    default:
      return `a ${entry.kind} (${mode})`;
  }
}
