/** The layers of a recipe, and what it holds beside them as the last one. */
import type { TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import type { ImageSpec } from "./image-spec.ts";
import type { Interpretation } from "./interpret.ts";
import { interpretBudget } from "./interpret-budget.ts";
import { interpretContents } from "./interpret-contents.ts";
import { interpretFiles } from "./interpret-files.ts";
import { interpretPacking } from "./interpret-image.ts";
import { interpretKernel } from "./interpret-kernel.ts";
import type { LayerSpec } from "./spec.ts";

/** What the recipe itself is called among its layers. */
export const OWN_LAYER = "main";

interface Around {
  readonly image: ImageSpec;
  readonly storeDirectory: TargetPath;
}

/** One that has no parts (it uses a recipe that is nothing but layers) is none. */
export function interpretLayers(context: Interpretation, around: Around): LayerSpec[] {
  const { recipe, places } = context;
  const list = recipe.layers ?? [];
  const named = list.map((layer, index): LayerSpec => {
    const at = places.ofValue(list, index);
    return {
      name: layer.name,
      at,
      ...partsOf({ ...context, recipe: layer }, around),
      ...interpretPacking(layer, around.image, context),
      budget: interpretBudget(layer, context),
    };
  });
  const { compressor, extension } = around.image;
  const own: LayerSpec = {
    name: OWN_LAYER,
    at: null,
    ...partsOf(context, around),
    compressor,
    extension,
    budget: { image: null, unpacked: null },
  };
  const layers = [...named.filter(hasParts), ...(hasParts(own) ? [own] : [])];
  refuseTwins(layers, context);
  return layers.length === 0 ? [own] : layers;
}

function partsOf(
  context: Interpretation,
  { storeDirectory }: Around,
): Pick<LayerSpec, "contents" | "files" | "kernel"> {
  return {
    contents: interpretContents(context, storeDirectory),
    files: interpretFiles(context),
    kernel: interpretKernel(context),
  };
}

function hasParts({ contents, files, kernel }: LayerSpec): boolean {
  return contents.length > 0 || files.length > 0 || kernel !== null;
}

function refuseTwins(layers: readonly LayerSpec[], { report }: Interpretation): void {
  const seen = new Map<string, Span | null>();
  for (const { name, at } of layers) {
    const first = seen.get(name);
    if (first !== undefined) report({ code: "spec/layer-twice", at: at ?? first!, name, first });
    seen.set(name, first ?? at);
  }
}
