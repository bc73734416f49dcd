/** The recipe's JSON Schema, draft-07: what editors understand. Committed as schemas/recipe.schema.json. */
import { z } from "zod";
import { RECIPE_SCHEMA } from "./schema.ts";

export function recipeJsonSchema(): object {
  return z.toJSONSchema(RECIPE_SCHEMA, { io: "input", target: "draft-7" });
}
