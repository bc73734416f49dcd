/** The image of a build, begun before its members are there. */
import type { GrowingImage, ImageOrder, ImagePorts } from "./image.ts";
import { JoinedImage } from "./joined-image.ts";
import { PlainImage } from "./plain-image.ts";

/** Throws BuildFailure. A uInitrd's header tells of the bytes behind it, so those are kept until it is written. */
export function startImage(order: ImageOrder, ports: ImagePorts): GrowingImage {
  const isPlain = order.prepared === null && order.spec.image.uInitrd === null;
  return isPlain ? new PlainImage(order, ports) : new JoinedImage(order, ports);
}
