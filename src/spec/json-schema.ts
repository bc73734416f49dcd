/** JSON Schemas, draft-07: what editors understand. Committed in schemas/. */
import { z } from "zod";
import { LOCK_SCHEMA } from "./lock-file.ts";
import { RECIPE_SCHEMA } from "./schema.ts";

export function recipeJsonSchema(): object {
  return z.toJSONSchema(RECIPE_SCHEMA, { io: "input", target: "draft-7" });
}

export function lockJsonSchema(): object {
  return z.toJSONSchema(LOCK_SCHEMA, { io: "input", target: "draft-7" });
}
