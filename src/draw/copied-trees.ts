/** What came whole is one thing: the parts of a copied tree that refer to something have nodes, and stand for their tree here. */
import type { GraphDocument } from "./graph-document.ts";
import type { Links } from "./links.ts";

/** Of each node which one stands for it: its tree, or itself. */
export function standIns({ nodes }: GraphDocument, { into }: Links): number[] {
  const stands = nodes.map(({ id }) => {
    const copied = into[id]!.find(({ from, reason }) => reason === "copied" && nodes[from]!.kind === "tree");
    return copied === undefined ? id : copied.from;
  });
  // A tree inside a tree; at most one step is left after each, and no circle is followed.
  return stands.map((one) => stands[one]!);
}
