/** What a manifest says of each entry: the reference that brought it. */
import { showPath } from "../core/path.ts";
import { type Span, showPlace } from "../core/span.ts";
import type { Claim } from "../graph/graph.ts";
import type { NodeId, ReferenceGraph } from "../graph/references.ts";
import type { Cause } from "./plan.ts";

/** One value for a node or a place, however many entries a copied tree has. */
export function causesIn(references: ReferenceGraph): (claim: Claim) => Cause {
  const known = new Map<NodeId | Span, Cause>();
  return ({ by, at }) => {
    const key = at ?? by;
    const cause = known.get(key) ?? (at === null ? causeOf(by, references) : named(at));
    known.set(key, cause);
    return cause;
  };
}

/** What stands in the recipe itself: of a path that two layers place, each has its own line. */
function named(at: Span): Cause {
  return { from: showPlace(at), reason: "named" };
}

function causeOf(by: NodeId, references: ReferenceGraph): Cause {
  const step = references.referencesTo(by)[0];
  if (step === undefined) return {};
  const from = references.node(step.from);
  const name = from.kind === "recipe" ? (from.at ? showPlace(from.at) : from.label) : showPath(from.path);
  return { from: name, reason: step.reason, ...(step.says === "" ? {} : { says: step.says }) };
}
