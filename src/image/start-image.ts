/** The image of a build, begun before its members are there. */
import type { GrowingImage, ImageOrder, ImagePorts } from "./image.ts";
import { JoinedImage } from "./joined-image.ts";
import { PlainImage } from "./plain-image.ts";

/** Throws BuildFailure. What is wrapped around an image tells of its bytes, so those are kept until it is written. */
export function startImage(order: ImageOrder, ports: ImagePorts): GrowingImage {
  const { uInitrd, fit } = order.spec.image;
  const isPlain = order.packings.every((packing) => packing === null) && uInitrd === null && fit === null;
  return isPlain ? new PlainImage(order, ports) : new JoinedImage(order, ports);
}
