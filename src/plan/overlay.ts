/**
 * What kernels make of an entry over one that an earlier layer has at its path, seen on 5.10 to 7.2: files and symlinks
 * replace one another, directories merge; all else is lost or destroys something, without a word.
 */
import type { Entry } from "../core/entry.ts";
import type { LayerLoss } from "../core/problems/plan.ts";
import type { Claim } from "../graph/graph.ts";

/** True: it need not be said again; false: it is laid over it. */
export function overlay(below: Entry, { entry: above, isImplied }: Claim): boolean | LayerLoss {
  if (below.kind === "directory") {
    // A directory that only came along leaves the mode as it is.
    return above.kind === "directory" ? isImplied : "directory-stays";
  }
  if (above.kind === "directory") return below.kind === "symlink" ? "symlink-goes" : false;
  const isDevice = "major" in below && "major" in above && below.kind === above.kind;
  const isOther = isDevice && (below.major !== above.major || below.minor !== above.minor);
  return isOther ? "device-stays" : false;
}
