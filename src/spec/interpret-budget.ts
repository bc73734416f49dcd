/** The key "budget": sizes over which there shall be no image. */
import type { Interpretation } from "./interpret.ts";
import type { Recipe } from "./schema.ts";
import { SIZE_TEXT, SIZE_UNITS } from "./schema-values.ts";
import type { BudgetSpec, SizeLimit } from "./spec.ts";

export function interpretBudget(
  { budget }: Pick<Recipe, "budget">,
  { places }: Pick<Interpretation, "places">,
): BudgetSpec {
  const limitOf = (key: keyof BudgetSpec): SizeLimit | null => {
    const said = budget?.[key];
    return budget === undefined || said === undefined
      ? null
      : { bytes: bytesIn(said), at: places.ofValue(budget, key) };
  };
  return { image: limitOf("image"), unpacked: limitOf("unpacked") };
}

/** Part of a byte is none. */
export function bytesIn(said: number | string): number {
  if (typeof said === "number") return said;
  const [, amount = "", unit = ""] = SIZE_TEXT.exec(said) ?? [];
  return Math.floor(Number(amount) * SIZE_UNITS[unit as keyof typeof SIZE_UNITS]);
}
