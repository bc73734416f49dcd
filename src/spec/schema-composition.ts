/** What a recipe is made of besides itself: other recipes, and variables. */
import { z } from "zod";
import { path } from "./schema-values.ts";
import { VARIABLE_NAME } from "./variables.ts";

export const include = z.array(path(), { error: "a list of recipes" }).meta({
  description:
    "Recipes that are merged in, first to last, this one last: lists one behind the other, maps key by key. What this recipe says itself wins over what it includes. Paths are seen from the file they stand in, in included recipes too.",
  examples: [["./base.yaml"]],
});

const NAME = "a map of names of capital letters, digits and _";
const VALUE = "text, a number, true or false";
const PLAIN = "text without variables in it";

export const vars = z
  .record(
    z.string({ error: NAME }).regex(VARIABLE_NAME, { error: NAME }),
    z.union(
      [
        z.string({ error: VALUE }).regex(/^(?![\s\S]*\$\{[A-Z_][A-Z0-9_]*\})/, { error: PLAIN }),
        z.number({ error: VALUE }),
        z.boolean({ error: VALUE }),
      ],
      { error: VALUE },
    ),
  )
  .meta({
    description:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
      "Variables: ${NAME} stands for the value in every text of this recipe and of those that it includes, and in the paths of files. A value that is nothing but ${NAME} is of the variable's type; $${NAME} is the text ${NAME}. What includes a recipe may say other values, and --set NAME=value wins over all. Never taken from the environment.",
    examples: [{ KERNEL: "6.1.0-50-arm64" }],
  });
