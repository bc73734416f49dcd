/** Which line of the recipe alone brings a node: with the line it would go. */
import type { GraphDocument } from "./graph-document.ts";
import type { Links } from "./links.ts";

/** Several lines lead to it. */
export const SHARED = -1;
/** No line leads to it. */
export const NOBODY = -2;

/** Of each node the number of the line, or one of the above. A line is its own, unless `standIn` names another that counts for it. */
export function lineOwners(
  { nodes }: GraphDocument,
  { outOf }: Links,
  standIn: (line: number) => number = (line) => line,
): number[] {
  const owners = nodes.map(({ id, kind }) => (kind === "recipe" ? standIn(id) : NOBODY));
  const queue = nodes.filter(({ kind }) => kind === "recipe").map(({ id }) => id);
  // An owner changes twice at most: to a line, and to "shared".
  for (let at = 0; at < queue.length; at++) {
    const from = queue[at]!;
    for (const { to } of outOf[from]!) {
      const next = joinOwners(owners[to]!, owners[from]!);
      if (next === owners[to] || nodes[to]!.kind === "recipe") continue;
      owners[to] = next;
      queue.push(to);
    }
  }
  return owners;
}

function joinOwners(known: number, more: number): number {
  if (known === NOBODY || known === more) return more;
  return SHARED;
}
