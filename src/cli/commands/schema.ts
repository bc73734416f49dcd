/** `initgraph schema`: the recipe's JSON Schema, for editors. */
import { command } from "../command.ts";

export const schema = command({
  name: "schema",
  summary: "print the JSON Schema of a recipe, for editors",
  about: "",
  operands: [],
  options: {},
  onFailure: "",
  examples: [
    [
      "initgraph schema > recipe.schema.json",
      "for `# yaml-language-server: $schema=recipe.schema.json` in a recipe",
    ],
  ],
  async run(_call, terminal) {
    const { recipeJsonSchema } = await import("../../spec/json-schema.ts");
    terminal.print(`${JSON.stringify(recipeJsonSchema(), null, 2)}\n`);
    return 0;
  },
});
