/** The key "kernel": which modules, of which kernel, with which firmware. */
import { DEFAULTS } from "./defaults.ts";
import type { Interpretation } from "./interpret.ts";
import type { FirmwareSpec, KernelSpec } from "./spec.ts";

export function interpretKernel({ recipe, places }: Interpretation): KernelSpec | null {
  const { kernel } = recipe;
  if (kernel === undefined) return null;
  const at = places.ofKey(recipe, "kernel");
  const { modules = [], firmware = DEFAULTS.firmware, modprobe = DEFAULTS.modprobe } = kernel;
  const isSaid = kernel.firmware !== undefined;
  return {
    at,
    version: kernel.version ?? null,
    modules: modules.map((word, index) => ({ word, at: places.ofValue(modules, index) })),
    firmware: { at: isSaid ? places.ofKey(kernel, "firmware") : at, ...firmwareOf(firmware, places) },
    modprobe,
  };
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
