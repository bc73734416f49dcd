/** What a manifest says of each entry: the reference that brought it. */
import { showPath } from "../core/path.ts";
import { type Span, showPlace } from "../core/span.ts";
import type { Claim } from "../graph/graph.ts";
import { numbersOf } from "../graph/reference-table.ts";
import type { NodeId, ReferenceGraph } from "../graph/references.ts";
import type { Cause } from "./plan.ts";

/** One value for a node or a place, however many entries a copied tree has. */
export function causesIn(references: ReferenceGraph): (claim: Claim) => Cause {
  const known = new Map<NodeId | Span, Cause>();
  const numbers = numbersOf(references);
  return ({ by, at }) => {
    const key = at ?? by;
    const node = numbers.get(by)!;
    const cause = known.get(key) ?? { node, ...(at === null ? firstReference(by, references) : named(at)) };
    known.set(key, cause);
    return cause;
  };
}

type Told = Omit<Cause, "node">;

/** What stands in the recipe itself: of a path that two layers place, each has its own line. */
function named(at: Span): Told {
  return { from: showPlace(at), reason: "named" };
}

function firstReference(to: NodeId, references: ReferenceGraph): Told {
  const step = references.referencesTo(to)[0];
  if (step === undefined) return {};
  const from = references.node(step.from);
  const name = from.kind === "recipe" ? (from.at ? showPlace(from.at) : from.label) : showPath(from.path);
  return { from: name, reason: step.reason, ...(step.says === "" ? {} : { says: step.says }) };
}
