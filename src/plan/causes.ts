/** What a manifest says of each entry: the reference that brought it. */
import { showPath } from "../core/path.ts";
import { showPlace } from "../core/span.ts";
import type { NodeId, ReferenceGraph } from "../graph/references.ts";
import type { Cause } from "./plan.ts";

/** One value for a node, however many entries a copied tree has. */
export function causesIn(references: ReferenceGraph): (by: NodeId) => Cause {
  const known = new Map<NodeId, Cause>();
  return (by) => {
    const cause = known.get(by) ?? causeOf(by, references);
    known.set(by, cause);
    return cause;
  };
}

function causeOf(by: NodeId, references: ReferenceGraph): Cause {
  const step = references.referencesTo(by)[0];
  if (step === undefined) return {};
  const from = references.node(step.from);
  const name = from.kind === "recipe" ? (from.at ? showPlace(from.at) : from.label) : showPath(from.path);
  return { from: name, reason: step.reason, ...(step.says === "" ? {} : { says: step.says }) };
}
