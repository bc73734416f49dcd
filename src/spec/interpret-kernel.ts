/** The key "kernel": which modules, of which kernel, with which firmware. */
import { DEFAULTS } from "./defaults.ts";
import type { Interpretation } from "./interpret.ts";
import type { Recipe } from "./schema.ts";
import type { FirmwareSpec, KernelSpec } from "./spec.ts";

type RecipeKernel = NonNullable<Recipe["kernel"]>;

/** All kernels that a recipe names: its own, and those of its layers. */
export function kernelsIn({ kernel, layers = [] }: Pick<Recipe, "kernel" | "layers">): RecipeKernel[] {
  return [kernel, ...layers.map((layer) => layer.kernel)].flatMap((one) => one ?? []);
}

/** Whether a recipe is for several kernels, one image each. */
export function isMatrix(recipe: Pick<Recipe, "kernel" | "layers">): boolean {
  return kernelsIn(recipe).some(({ versions }) => versions !== undefined);
}

/** Of several kernels, the command line chooses among those that the recipe has versions of. */
export function isChosen(kernel: Pick<RecipeKernel, "versions">, recipeIsMatrix: boolean): boolean {
  return !recipeIsMatrix || kernel.versions !== undefined;
}

export function interpretKernel(context: Interpretation): KernelSpec | null {
  const { recipe, places, input } = context;
  const { kernel } = recipe;
  if (kernel === undefined) return null;
  const at = places.ofKey(recipe, "kernel");
  const { modules = [], firmware = DEFAULTS.firmware, modprobe = DEFAULTS.modprobe } = kernel;
  const isSaid = kernel.firmware !== undefined;
  return {
    at,
    ...versionsOf(kernel, context, isChosen(kernel, context.isMatrix) ? input.overrides.kernel : null),
    modules: modules.map((word, index) => ({ word, at: places.ofValue(modules, index) })),
    firmware: { at: isSaid ? places.ofKey(kernel, "firmware") : at, ...firmwareOf(firmware, places) },
    modprobe,
  };
}

function versionsOf(
  kernel: RecipeKernel,
  { places, report }: Interpretation,
  chosen: string | null,
): Pick<KernelSpec, "version" | "versions"> {
  const { version = null, versions = null } = kernel;
  if (versions !== null) {
    const at = places.ofKey(kernel, "versions");
    if (version !== null) report({ code: "spec/two-versions", at, first: places.ofKey(kernel, "version") });
    const expected = "a list of at least one version";
    if (versions.length === 0)
      report({
        code: "spec/bad-value",
        at,
        key: "kernel.versions",
        expected,
        found: "an empty list",
        nearest: null,
      });
  }
  if (chosen !== null) return { version: chosen, versions: null };
  const items = versions?.map((glob, index) => ({ glob, at: places.ofValue(versions, index) })) ?? null;
  return { version, versions: items };
}

function firmwareOf(
  said: boolean | "required" | readonly string[],
  places: Interpretation["places"],
): Omit<FirmwareSpec, "at"> {
  if (said === "required") return { policy: "required", globs: null };
  if (typeof said === "boolean") return { policy: said ? "present" : "none", globs: null };
  const globs = said.map((glob, index) => ({
    glob: glob.replace(/^\/+/, ""),
    at: places.ofValue(said, index),
  }));
  return { policy: "present", globs };
}
