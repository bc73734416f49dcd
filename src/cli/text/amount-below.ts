/** How much hangs below a node of a tree. */
import type { ChainTree } from "../../draw/chain-tree.ts";
import type { GraphDocument } from "../../draw/graph-document.ts";

export interface AmountBelow {
  readonly nodes: number;
  readonly bytes: number;
}

export function amountBelow(node: number, { nodes }: GraphDocument, { branches }: ChainTree): AmountBelow {
  const below = [...branches[node]!.children];
  let bytes = 0;
  for (let at = 0; at < below.length; at++) {
    const one = below[at]!;
    bytes += nodes[one]!.bytes;
    for (const child of branches[one]!.children) below.push(child);
  }
  return { nodes: below.length, bytes };
}
