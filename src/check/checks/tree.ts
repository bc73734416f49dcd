/** Whether what the kernel has in the end would boot. */
import type { CheckOrder } from "../check-image.ts";
import type { Finding } from "../finding.ts";
import type { ImageView } from "../image-view.ts";
import { proveTree } from "../proofs/prove-tree.ts";

export function checkTree({ tree, members, wrapper }: ImageView, order: CheckOrder): Promise<Finding[]> {
  const kinds = members.map(({ kind }) => kind);
  return proveTree(tree, { members: kinds, wrapper, mode: order.mode }, order);
}
