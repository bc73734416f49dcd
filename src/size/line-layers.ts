/** The layer of a recipe's line, by what the graph calls it: `layers/base/contents/3`. All else is of the recipe's own, the last one. */
import type { TracedLayer } from "../trace/traced-image.ts";

export function layerOfLine(label: string, layers: readonly TracedLayer[]): number {
  const named = layers.findIndex(({ name }) => label.startsWith(`layers/${name}/`));
  return named === -1 ? layers.length - 1 : named;
}
