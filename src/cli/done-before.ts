/** What an earlier build said, where nothing has changed since: then there is nothing to load and nothing to do. */
import type { Host } from "../core/ports.ts";
import { type BuildName, unchangedBuild } from "../machine/last-build.ts";
import { cachePlace } from "../machine/place.ts";
import type { BuildOrder } from "./engine.ts";
import type { BuildSummary } from "./summary.ts";

/** Under which an order is remembered; null: nowhere. */
export async function nameOfBuild(order: Omit<BuildOrder, "name">): Promise<BuildName | null> {
  const { cache, recipe } = order;
  return cache === "nowhere" ? null : { ...order, cache: (await cachePlace(cache.named, recipe)).directory };
}

/** Of a recipe for several kernels: one image each. */
export interface Matrix {
  /** What the images' names begin with. */
  readonly name: string;
  readonly kernels: readonly string[];
}

export function isMatrix(done: BuildSummary | Matrix | null): done is Matrix {
  return done !== null && "kernels" in done;
}

/** The order of an image for one of them. */
export function orderFor<Order extends Pick<BuildOrder, "name">>(order: Order, kernel: string): Order {
  return { ...order, kernel, name: order.name && { ...order.name, kernel } };
}

/** Whoever wants reasons wants a build. */
export function doneBefore(
  { name, wantsReasons }: Pick<BuildOrder, "name" | "wantsReasons">,
  host: Pick<Host, "tree" | "findProgram">,
): BuildSummary | Matrix | null {
  return name === null || wantsReasons ? null : (unchangedBuild(name, host) as BuildSummary | Matrix | null);
}
