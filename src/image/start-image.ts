/** The image of a build, begun before its members are there. */
import type { GrowingImage, ImageOrder, ImagePorts } from "./image.ts";
import { JoinedImage } from "./joined-image.ts";
import { PlainImage } from "./plain-image.ts";

/** Throws BuildFailure. */
export function startImage(order: ImageOrder, ports: ImagePorts): GrowingImage {
  return !order.emitsLayers && isWrittenAsRead(order)
    ? new PlainImage(order, ports)
    : new JoinedImage(order, ports);
}

/** Nothing of it is kept. What is wrapped around an image tells of its bytes, so those are kept until it is written. */
export function isWrittenAsRead({ packings, spec }: Pick<ImageOrder, "packings" | "spec">): boolean {
  const { uInitrd, fit, uki } = spec.image;
  return [...packings, uInitrd, fit, uki].every((one) => one === null);
}
