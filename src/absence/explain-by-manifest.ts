/** What a manifest alone tells of what is not in its image: another file of the name, and names nearby. */
import { nameOf, showBytes, showPath, type TargetPath } from "../core/path.ts";
import type { ReferenceTable } from "../graph/reference-table.ts";
import { nearestPaths } from "../inspect/nearest-paths.ts";
import type { AskedName } from "../trace/asked-name.ts";
import type { TracedTree } from "../trace/traced-tree.ts";
import type { Absence, Obstacle } from "./obstacle.ts";

export function explainByManifest({ text }: AskedName, tree: TracedTree, graph: ReferenceTable): Absence {
  const obstacles = winners(showBytes(nameOf(text)), graph);
  return { places: [], obstacles, nearest: nearestPaths(text, tree).map(showPath) };
}

/** Who asked for a file of that name, and got one: it lies elsewhere than was asked. */
function winners(name: string, { nodes, references }: ReferenceTable): Obstacle[] {
  const one = references.find(({ reason, says }) => reason === "needed" && says === name);
  const [from, to] = one === undefined ? [] : [nodes[one.from]!.node, nodes[one.to]!.node];
  if (one === undefined || !from || !to || from.kind === "recipe" || to.kind === "recipe") return [];
  const { says: soname, found, tried } = one;
  const winner: TargetPath = to.path;
  return [{ kind: "other-library", soname, winner, by: from.path, found, tried, wasTried: false }];
}
